import { type Change, SIGNIFICANT } from '../../../remote-agent/protocol/statistics/index.ts';
import { type DiffTree, nodeChange, selfChange } from '../../derive/compare/index.ts';
import { formatCount, formatShare } from '../../widgets/format.ts';

/** What 100 % are, in words that follow a number. */
export const PER = { samples: 'of all samples', time: 'of one CPU', total: 'of the chosen function' } as const;

/** "+4.8", "−0.03", "0": in share points. */
export function pointsText(points: number): string {
  const percent = Math.abs(points * 100);
  if (percent < 0.005) return '0';
  return `${points > 0 ? '+' : '−'}${percent.toFixed(percent < 10 ? 2 : 1)}`;
}

/** "×1.5", "×0.20", "new", "gone": after as a multiple of before. */
export function ratioText(ratio: number): string {
  if (Number.isNaN(ratio)) return '';
  if (ratio === Number.POSITIVE_INFINITY) return 'new';
  if (ratio === 0) return 'gone';
  return `×${ratio >= 99.5 ? formatCount(ratio) : ratio.toFixed(ratio < 9.95 ? 2 : 1)}`;
}

/** "+50 % more", "a third of before": for the tooltip. */
function relativeText({ ratio }: Change): string {
  if (Number.isNaN(ratio)) return '';
  if (ratio === Number.POSITIVE_INFINITY) return 'new: not there before';
  if (ratio === 0) return 'gone: not there after';
  const percent = (ratio - 1) * 100;
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0)} % relative to before`;
}

/** That it is chance. */
export function chanceText(p: number): string {
  if (p >= SIGNIFICANT) return `may be chance (p ${p < 0.995 ? p.toFixed(2) : '1'})`;
  return p < 1e-6 ? 'hardly chance (p < 0.000001)' : `hardly chance (p ${p.toPrecision(1)})`;
}

type Row = readonly [label: string, value: string];

/** What is told of a frame. */
export function diffRows(diff: DiffTree, node: number): readonly Row[] {
  const total = nodeChange(diff, node);
  const self = selfChange(diff, node);
  const per = PER[diff.basis.by];
  const side = (share: number, samples: number) => `${formatShare(share)} ${per} · ${formatCount(samples)} samples`;
  return [
    ['Before', side(total.before, diff.before[node]!)],
    ['After', side(total.after, diff.after[node]!)],
    ['Change', `${pointsText(total.points)} points · ${relativeText(total)}`],
    ['Self', `${formatShare(self.before)} → ${formatShare(self.after)} (${pointsText(self.points)})`],
    ['Chance', chanceText(total.p)],
  ];
}
