/** Words that every part of a summary uses. */
import { describeLoss } from '../../../remote-agent/protocol/loss.ts';

const NAME_WIDTH = 60;
/** Windows do not meet to the microsecond. */
const MIN_GAP_S = 0.1;

/** What is missing, and what is coarser than it could be. */
export function completeness(of: {
  readonly lost: Readonly<Record<string, number>>;
  readonly gapSeconds: number;
  readonly mergedWindows: number;
}): string[] {
  const lost = Object.entries(of.lost);
  return [
    ...(lost.length === 0 ? ['nothing lost'] : lost.map(([cause, count]) => `lost ${count}: ${describeLoss(cause)}`)),
    ...(of.gapSeconds >= MIN_GAP_S ? [`no data for ${of.gapSeconds.toFixed(1)} s in between`] : []),
    ...(of.mergedWindows > 0
      ? [`${of.mergedWindows} windows merged because the link or the device was busy: times are coarser, counts exact`]
      : []),
  ];
}

export function cut(name: string): string {
  return name.length <= NAME_WIDTH ? name : `${name.slice(0, NAME_WIDTH - 1)}…`;
}

/** "0", "850 ns", "8.2 µs", "13 ms", "2.1 s", "14 min"; '' where it is not known. */
export function durationText(ns: number | null): string {
  if (ns === null) return '';
  const unit = DURATIONS.find(({ from }) => ns >= from);
  if (!unit) return '0';
  return `${unit.from === 1 ? Math.round(ns) : short(ns / unit.from)} ${unit.name}`;
}

const DURATIONS = [
  { from: 3.6e12, name: 'h' },
  { from: 6e10, name: 'min' },
  { from: 1e9, name: 's' },
  { from: 1e6, name: 'ms' },
  { from: 1e3, name: 'µs' },
  { from: 1, name: 'ns' },
];

/** "412 B", "12.3 kB", "4.1 MB", "1.2 GB" */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Counts and rates: "0.4", "12", "1 234". */
export function numberText(value: number): string {
  return value === 0 || value >= 10 ? countText(Math.round(value)) : short(value);
}

/** Counts: "7", "1 234", thousands apart by a narrow space as in the window. */
export function countText(count: number): string {
  return WHOLE.format(count).replaceAll(',', '\u202f');
}

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Two digits that count below ten, else the whole number. */
function short(value: number): string {
  return value >= 9.95 ? String(Math.round(value)) : value.toFixed(1);
}
