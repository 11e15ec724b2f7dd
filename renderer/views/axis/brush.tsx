import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import type { RangeNs, Selection } from '../../store/index.ts';
import { type Drag, dragged, dropped, placed, pressed } from './drag.ts';
import { axisKey } from './keys.ts';
import { clamp, lengthOf, nsAt, panned } from './stretch.ts';
import { wheelStep } from './wheel.ts';

export interface BrushProps {
  readonly domain: RangeNs;
  readonly bounds: RangeNs;
  /** What is selected, in order. */
  readonly ranges: readonly RangeNs[];
  /** It stands still, and can be moved. */
  readonly isFixed: boolean;
  /** What is to be seen, for whoever cannot see it. */
  readonly description: string;
  readonly onSelect: (range: Selection['range']) => void;
  readonly onSeek: (ns: number) => void;
  readonly onDomain: (domain: RangeNs) => void;
  /** Double click, Escape: nothing is set apart any more. */
  readonly onClear: () => void;
  readonly onWhole: () => void;
  /** null = the pointer left. */
  readonly onPoint: (ns: number | null) => void;
  /** Handles, flags, the cursor: drawn over it, in shares of its width. */
  readonly children: ReactNode;
}

/** A press that moves less is a click. */
const DRAG_AT_LEAST_PX = 4;
const LEFT = 0;
const MIDDLE = 1;

interface Pan {
  readonly fromX: number;
  readonly domain: RangeNs;
}

/** Lies exactly over the plot: the left edge is domain.fromNs and the right edge domain.toNs. */
export function Brush(props: BrushProps) {
  const { domain, bounds, ranges, isFixed, onSelect, onSeek, onDomain, onPoint } = props;
  const [drag, setDrag] = useState<{ readonly drag: Drag; readonly fromX: number; readonly nowNs: number } | null>(
    null,
  );
  const pan = useRef<Pan | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const timeAt = (event: { readonly clientX: number }) => {
    const box = place.current?.getBoundingClientRect();
    return box ? nsAt(domain, clamp((event.clientX - box.left) / box.width, 0, 1)) : domain.fromNs;
  };
  useWheel(place, (event) => {
    const next = wheelStep(event, domain, timeAt(event), place.current?.clientWidth ?? 1, bounds);
    if (next) onDomain(next);
  });
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button === MIDDLE) pan.current = { fromX: event.clientX, domain };
    if (event.button !== LEFT && event.button !== MIDDLE) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (event.button === MIDDLE) return event.preventDefault();
    const atNs = timeAt(event);
    const adds = event.ctrlKey || event.shiftKey || event.metaKey;
    const widthPx = event.currentTarget.clientWidth;
    const drag = pressed({ atNs, domain, widthPx, ranges: isFixed ? ranges : [], adds });
    setDrag({ drag, fromX: event.clientX, nowNs: atNs });
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const atNs = timeAt(event);
    if (pan.current) {
      const by = (pan.current.fromX - event.clientX) / event.currentTarget.clientWidth;
      onDomain(panned(pan.current.domain, by, bounds));
    } else if (drag) setDrag({ ...drag, nowNs: atNs });
    onPoint(atNs);
  };
  const finish = (event: PointerEvent<HTMLElement>) => {
    pan.current = null;
    if (!drag) return;
    setDrag(null);
    const atNs = timeAt(event);
    if (Math.abs(event.clientX - drag.fromX) < DRAG_AT_LEAST_PX) return onSeek(atNs);
    const range = dropped(drag.drag, atNs, bounds);
    if (range) onSelect(range);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const act = axisKey(event, { domain, bounds, onDomain, onClear: props.onClear, onWhole: props.onWhole });
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const shown = drag ? [...drag.drag.others, dragged(drag.drag, drag.nowNs, bounds)] : ranges;
  return (
    <div
      ref={place}
      className="brush"
      role="group"
      tabIndex={0}
      aria-label="Time axis"
      aria-description={props.description}
      aria-keyshortcuts="ArrowLeft ArrowRight + - 0 Escape M"
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={finish}
      onPointerCancel={() => {
        pan.current = null;
        setDrag(null);
      }}
      onPointerLeave={() => onPoint(null)}
      onDoubleClick={props.onWhole}
      onKeyDown={onKey}
    >
      {shown.map((range) => {
        const style = placed(domain, range);
        const isAll = lengthOf(range) > lengthOf(domain) * 0.995;
        return (
          style && (
            <div key={range.fromNs} className={isAll ? 'brush-range brush-range-all' : 'brush-range'} style={style} />
          )
        );
      })}
      {props.children}
    </div>
  );
}

/** React listens to wheels passively; this one must keep the page from zooming. */
function useWheel(place: React.RefObject<HTMLElement | null>, onWheel: (event: WheelEvent) => void): void {
  const latest = useRef(onWheel);
  useEffect(() => {
    latest.current = onWheel;
  });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const listener = (event: WheelEvent) => {
      event.preventDefault();
      latest.current(event);
    };
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, [place]);
}
