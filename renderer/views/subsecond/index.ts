// takes: a probe of samples, and what is selected
// gives: the picture of when within each second they were taken, and ranges that were chosen in it
// never: counts samples, or decides what a range shows in other views
export { SUBSECOND_KEYS } from './keys.ts';
export { SubsecondPanel, type SubsecondPanelProps } from './subsecond-panel.tsx';
