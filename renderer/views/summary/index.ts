// takes: who makes summaries, which ranges, marks and notes
// gives: the page of a recording, and where a press on it leads
// never: counts anything itself
export type { SummaryDesk } from './use-summary.ts';
export { SummaryPage, type SummaryPageProps } from './summary-page.tsx';
