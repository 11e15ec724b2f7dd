import { useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { TimeColumns } from '../../../derive/calls/index.ts';
import type { RangeNs } from '../../../store/index.ts';

export interface TimePickerProps {
  readonly columns: TimeColumns;
  readonly range: RangeNs;
  /** Column that is pointed at. */
  readonly pointed: number | null;
  /** What it says, for those who cannot see it. */
  readonly pointedText: string;
  readonly onPoint: (column: number | null) => void;
  readonly onSelect: (range: RangeNs) => void;
}

/** A press that moves less is no selection. */
const DRAG_AT_LEAST_PX = 4;

/**
 * Lies over the plots. Tells which column of time is pointed at; a drag, or Shift with the arrow keys and Enter, selects
 * whole columns for every view.
 */
export function TimePicker({ columns, range, pointed, pointedText, onPoint, onSelect }: TimePickerProps) {
  const [anchor, setAnchor] = useState<{ readonly column: number; readonly atPx: number } | null>(null);
  const columnUnder = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const atNs = range.fromNs + ((event.clientX - box.left) / box.width) * (range.toNs - range.fromNs);
    return nearest(columns, atNs);
  };
  const select = (a: number, b: number) => {
    const [first, last] = [Math.min(a, b), Math.max(a, b)];
    onSelect({ fromNs: columns.fromNs[first]!, toNs: columns.toNs[last]! });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && pointed !== null) {
      event.preventDefault();
      select(anchor?.column ?? pointed, pointed);
      return setAnchor(null);
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined || columns.count === 0) return;
    event.preventDefault();
    const at = pointed ?? (step > 0 ? -1 : columns.count);
    const next = Math.min(columns.count - 1, Math.max(0, at + step));
    if (!event.shiftKey) setAnchor(null);
    else if (!anchor) setAnchor({ column: Math.max(0, Math.min(columns.count - 1, at)), atPx: 0 });
    onPoint(next);
  };
  const shown = pointed === null ? null : placed(columns, range, anchor?.column ?? pointed, pointed);
  return (
    <div
      className="rates-picker"
      role="slider"
      tabIndex={0}
      aria-label="Time in the throughput chart"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, columns.count - 1)}
      aria-valuenow={pointed ?? 0}
      aria-valuetext={pointedText}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setAnchor({ column: columnUnder(event), atPx: event.clientX });
      }}
      onPointerMove={(event) => onPoint(columnUnder(event))}
      onPointerUp={(event) => {
        const isDrag = anchor !== null && Math.abs(event.clientX - anchor.atPx) >= DRAG_AT_LEAST_PX;
        if (isDrag) select(anchor.column, columnUnder(event));
        setAnchor(null);
      }}
      onPointerCancel={() => setAnchor(null)}
      onPointerLeave={() => anchor === null && onPoint(null)}
      onBlur={() => {
        setAnchor(null);
        onPoint(null);
      }}
      onKeyDown={onKey}
    >
      {shown && <span className={anchor ? 'rates-picked' : 'rates-pointed'} style={shown} />}
    </div>
  );
}

/** The column that lies there, or next to there. */
function nearest(columns: TimeColumns, atNs: number): number {
  let best = 0;
  for (let column = 0; column < columns.count && columns.fromNs[column]! <= atNs; column++) best = column;
  return best;
}

function placed(columns: TimeColumns, range: RangeNs, a: number, b: number) {
  const share = (ns: number) => Math.min(1, Math.max(0, (ns - range.fromNs) / (range.toNs - range.fromNs)));
  const left = share(columns.fromNs[Math.min(a, b)] ?? range.fromNs);
  const right = share(columns.toNs[Math.max(a, b)] ?? range.fromNs);
  return { left: `${left * 100}%`, width: `${(right - left) * 100}%` };
}
