import type { FrameFacts, FrameKind } from '../../derive/index.ts';
import { formatCores, formatCount, formatShare } from '../../widgets/format.ts';

export const KIND_NAMES: Readonly<Record<FrameKind, string>> = {
  kernel: 'Kernel',
  library: 'Library',
  application: 'Application',
  interpreted: 'Interpreted, JIT',
  unknown: 'Unknown',
};

export function samplesText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'sample' : 'samples'}`;
}

/** Label and value. */
export type FactRow = readonly [label: string, value: string];

/** In the order they are read. */
export function factRows(facts: FrameFacts, corePercent: number | null): readonly FactRow[] {
  const rows: FactRow[] = [
    ['Total', `${samplesText(facts.total)} · ${formatShare(facts.shareOfAll)}`],
    ['Self', `${samplesText(facts.self)} · ${formatShare(facts.selfShareOfAll)}`],
  ];
  if (facts.shareOfView < 1 && Math.abs(facts.shareOfView - facts.shareOfAll) > 1e-9)
    rows.push(['Of this view', formatShare(facts.shareOfView)]);
  if (corePercent !== null) rows.push(['CPU', `≈ ${formatCores(corePercent)} of one core`]);
  if (facts.process && facts.what !== 'process') rows.push(['Process', facts.process]);
  if (facts.thread && facts.what !== 'thread') rows.push(['Thread', facts.thread]);
  return rows;
}

/** "Kernel · /usr/lib/libc.so.6" */
export function originText(facts: FrameFacts): string {
  switch (facts.what) {
    case 'root':
      return 'All samples of the range and filter';
    case 'process':
      return 'Process';
    case 'thread':
      return 'Thread';
    case 'function': {
      const kind = facts.kind === null ? '' : KIND_NAMES[facts.kind];
      return facts.modulePath && facts.modulePath !== '[kernel]' ? `${kind} · ${facts.modulePath}` : kind;
    }
  }
}

/** For screen readers, when a frame is selected. `rows`: what is told of it instead of its samples. */
export function spokenText(facts: FrameFacts, rows: readonly FactRow[] | null = null): string {
  const of = facts.what === 'function' ? `, ${originText(facts)}` : '';
  if (rows) {
    const told = rows.map(([label, value]) => `${label}: ${value}`).join('; ');
    return `${facts.name}${of}. ${told}. Row ${facts.depth}.`;
  }
  return (
    `${facts.name}${of}. ${samplesText(facts.total)}, ${formatShare(facts.shareOfAll)} of all; ` +
    `${formatShare(facts.selfShareOfAll)} its own. Row ${facts.depth}.`
  );
}
