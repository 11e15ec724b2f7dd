import { useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { RangeNs } from '../../store/index.ts';
import { formatDeviceTime } from '../../widgets/format.ts';

export interface BrushProps {
  readonly domain: RangeNs;
  /** What is selected now, within the domain or not. */
  readonly selected: RangeNs;
  /** One step of an arrow key. */
  readonly stepNs: number;
  readonly wallOffsetMs: number | null;
  readonly onSelect: (range: RangeNs) => void;
  /** Double click. */
  readonly onFollow: () => void;
}

/** A press that moves less is a click, not a selection. */
const DRAG_AT_LEAST_PX = 4;

/** Lies exactly over the plot: the left edge is domain.fromNs and the right edge domain.toNs. */
export function Brush({ domain, selected, stepNs, wallOffsetMs, onSelect, onFollow }: BrushProps) {
  const [drag, setDrag] = useState<{ readonly anchorNs: number; readonly nowNs: number } | null>(null);
  const shown = drag ? ordered(drag.anchorNs, drag.nowNs) : selected;
  const timeAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return domain.fromNs + clamp((event.clientX - box.left) / box.width, 0, 1) * (domain.toNs - domain.fromNs);
  };
  const finish = (event: PointerEvent<HTMLElement>) => {
    if (!drag) return;
    const range = ordered(drag.anchorNs, timeAt(event));
    setDrag(null);
    if (share(domain, range) * event.currentTarget.clientWidth >= DRAG_AT_LEAST_PX) onSelect(range);
  };
  return (
    <div
      className="brush"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ anchorNs: timeAt(event), nowNs: timeAt(event) });
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, nowNs: timeAt(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(null)}
      onDoubleClick={onFollow}
    >
      <div
        className={isAll(domain, shown) ? 'brush-range brush-range-all' : 'brush-range'}
        style={placed(domain, shown)}
      />
      <Handle
        edge="Start"
        ns={selected.fromNs}
        {...{ domain, stepNs, wallOffsetMs }}
        onMove={(fromNs) => onSelect(ordered(fromNs, selected.toNs))}
      />
      <Handle
        edge="End"
        ns={selected.toNs}
        {...{ domain, stepNs, wallOffsetMs }}
        onMove={(toNs) => onSelect(ordered(selected.fromNs, toNs))}
      />
    </div>
  );
}

interface HandleProps extends Pick<BrushProps, 'domain' | 'stepNs' | 'wallOffsetMs'> {
  readonly edge: 'Start' | 'End';
  readonly ns: number;
  readonly onMove: (ns: number) => void;
}

/** For the keyboard: arrows move an edge by one bucket, with Shift by ten. */
function Handle({ edge, ns, domain, stepNs, wallOffsetMs, onMove }: HandleProps) {
  const move = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    onMove(clamp(ns + direction * stepNs * (event.shiftKey ? 10 : 1), domain.fromNs, domain.toNs));
  };
  const at = clamp((ns - domain.fromNs) / (domain.toNs - domain.fromNs), 0, 1);
  return (
    <div
      className="brush-handle"
      role="slider"
      tabIndex={0}
      aria-label={`${edge} of the selected range`}
      aria-valuemin={0}
      aria-valuemax={1000}
      aria-valuenow={Math.round(at * 1000)}
      aria-valuetext={formatDeviceTime(ns, wallOffsetMs)}
      style={{ left: `${at * 100}%` }}
      onKeyDown={move}
    />
  );
}

function placed(domain: RangeNs, range: RangeNs): { left: string; width: string } {
  const spanNs = domain.toNs - domain.fromNs;
  const left = clamp((range.fromNs - domain.fromNs) / spanNs, 0, 1);
  const right = clamp((range.toNs - domain.fromNs) / spanNs, 0, 1);
  return { left: `${left * 100}%`, width: `${(right - left) * 100}%` };
}

/** Nothing is set apart then, so nothing is tinted. */
function isAll(domain: RangeNs, range: RangeNs): boolean {
  return share(domain, range) > 0.995;
}

function share(domain: RangeNs, range: RangeNs): number {
  return (range.toNs - range.fromNs) / (domain.toNs - domain.fromNs);
}

function ordered(aNs: number, bNs: number): RangeNs {
  return { fromNs: Math.min(aNs, bNs), toNs: Math.max(aNs, bNs) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
