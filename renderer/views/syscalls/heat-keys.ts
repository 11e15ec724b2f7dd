import type { TimeColumns } from '../../derive/calls/index.ts';
import { columnAt, type HeatPoint } from './heat-frame.ts';

/** Where an arrow key goes from here, a column or a row at a time; null = the key does not move. */
export function keyStep(
  key: string,
  from: HeatPoint | null,
  columns: TimeColumns,
  { lowest, highest }: { readonly lowest: number; readonly highest: number },
): HeatPoint | null {
  const step = STEPS[key];
  if (!step || columns.count === 0) return null;
  const last = columns.count - 1;
  const known = from ? columnAt(columns, from.atNs) : last;
  const at = known < 0 ? last : known;
  const column = from ? Math.min(last, Math.max(0, at + step.columns)) : last;
  const bucket = from ? from.bucket + step.rows : Math.floor((lowest + highest) / 2);
  return {
    atNs: (columns.fromNs[column]! + columns.toNs[column]!) / 2,
    bucket: Math.min(highest, Math.max(lowest, bucket)),
  };
}

const STEPS: Readonly<Record<string, { readonly columns: number; readonly rows: number }>> = {
  ArrowLeft: { columns: -1, rows: 0 },
  ArrowRight: { columns: 1, rows: 0 },
  ArrowUp: { columns: 0, rows: 1 },
  ArrowDown: { columns: 0, rows: -1 },
};
