import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, RefObject } from 'react';
import { SECOND_NS, type SecondsGrid, type SlotPlace } from '../../derive/subsecond/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { onThemeChange, themeColours } from '../../theme/theme-reader.ts';
import { formatDeviceTime } from '../../widgets/format.ts';
import { timeTicks } from '../../widgets/time-ticks.ts';
import type { Size } from '../../widgets/use-size.ts';
import { BOTTOM_PX, drawSeconds, LEFT_PX, RIGHT_PX, type SecondsInks, secondsInks, TOP_PX } from './draw.ts';
import { placeAt, rangeBetween, rectanglesOf, type SecondsFrame } from './frame.ts';
import { keyStep } from './keys.ts';

export interface SubsecondMapProps {
  readonly place: RefObject<HTMLDivElement | null>;
  readonly size: Size;
  readonly grid: SecondsGrid;
  /** What is selected; empty where nothing is. */
  readonly selected: readonly RangeNs[];
  /** Something else is shown in its place, and nothing can be chosen. */
  readonly isEmpty: boolean;
  /** The last second that there is something of. */
  readonly newest: number;
  readonly wallOffsetMs: number | null;
  readonly pointed: SlotPlace | null;
  readonly pointedText: string;
  readonly onPoint: (place: SlotPlace | null) => void;
  /** `adds`: to what is selected. */
  readonly onSelect: (range: RangeNs, adds: boolean) => void;
}

/** A press that moves less is no selection. */
const DRAG_AT_LEAST_PX = 4;
/** Half a label, so that none is cut off at the edge. */
const MARGIN_SHARE = 0.04;

interface Drag {
  readonly from: SlotPlace;
  readonly x: number;
  readonly y: number;
}

/** Seconds × parts of a second on a canvas. A drag, or Shift with the arrow keys, selects from one part to another. */
export function SubsecondMap(props: SubsecondMapProps) {
  const { place, size, grid, selected, wallOffsetMs, pointed } = props;
  const { seconds, slotNs } = grid;
  const canvas = useRef<HTMLCanvasElement>(null);
  const inks = useInks(place);
  const [drag, setDrag] = useState<Drag | null>(null);
  // What a pointer passes over is not read out.
  const [isByKey, setByKey] = useState(false);
  const frame = useMemo((): SecondsFrame => {
    const widthPx = Math.max(1, size.widthPx - LEFT_PX - RIGHT_PX);
    const heightPx = Math.max(1, size.heightPx - TOP_PX - BOTTOM_PX);
    return { widthPx, heightPx, seconds, slotNs };
  }, [size, seconds, slotNs]);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !inks || size.widthPx === 0) return;
    const family = getComputedStyle(context.canvas).fontFamily;
    const times = timesBelow(frame, wallOffsetMs);
    drawSeconds(context, { grid, frame, inks, family, pixelRatio: size.pixelRatio, times });
  }, [grid, frame, inks, size, wallOffsetMs]);
  const spotOf = (event: PointerEvent<HTMLElement>): Drag => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return { from: placeAt(frame, x, y), x, y };
  };
  const chosen = drag && pointed ? rangeBetween(drag.from, pointed, slotNs) : null;
  const finish = (event: PointerEvent<HTMLElement>) => {
    setDrag(null);
    if (!drag) return;
    const end = spotOf(event);
    if (Math.hypot(end.x - drag.x, end.y - drag.y) >= DRAG_AT_LEAST_PX)
      props.onSelect(rangeBetween(drag.from, end.from, slotNs), event.ctrlKey || event.metaKey);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && pointed) {
      event.preventDefault();
      setDrag(null);
      return props.onSelect(chosen ?? rangeBetween(pointed, pointed, slotNs), event.ctrlKey || event.metaKey);
    }
    if (event.key === 'Escape' && drag) {
      event.stopPropagation();
      return setDrag(null);
    }
    const next = keyStep(event.key, pointed, frame, props.newest);
    if (!next) return;
    event.preventDefault();
    if (!event.shiftKey) setDrag(null);
    else setDrag(drag ?? { from: pointed ?? next, x: 0, y: 0 });
    setByKey(true);
    props.onPoint(next);
  };
  const onMove = (event: PointerEvent<HTMLElement>) => {
    const { from: to } = spotOf(event);
    if (pointed?.second === to.second && pointed.slot === to.slot && !isByKey) return;
    setByKey(false);
    props.onPoint(to);
  };
  const shown = chosen ? [chosen] : selected;
  return (
    <div className="subsecond-map" ref={place} inert={props.isEmpty}>
      <canvas
        ref={canvas}
        width={Math.round(size.widthPx * size.pixelRatio)}
        height={Math.round(size.heightPx * size.pixelRatio)}
        aria-hidden="true"
      />
      <div
        className="subsecond-plot"
        role="application"
        aria-roledescription="heat map"
        aria-label="Samples by second and part of the second. Arrow keys move, with Shift they select, Enter applies the selection, Control and Enter add it."
        tabIndex={0}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag(spotOf(event));
        }}
        onPointerMove={onMove}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => drag === null && props.onPoint(null)}
        onBlur={() => {
          setDrag(null);
          props.onPoint(null);
        }}
        onKeyDown={onKey}
      >
        {shown.flatMap((range) =>
          rectanglesOf(frame, range).map((box) => (
            <span key={`${range.fromNs} ${box.left}`} className="subsecond-selected" style={box} />
          )),
        )}
        {pointed &&
          rectanglesOf(frame, rangeBetween(pointed, pointed, slotNs)).map(({ left, top, width, height }) => (
            <span
              key="pointed"
              className="subsecond-pointed"
              // Moved and not laid out: it follows the pointer in every frame.
              style={{ left: 0, top: 0, width, height, transform: `translate(${left}px, ${top}px)` }}
            />
          ))}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {isByKey && props.pointedText}
      </p>
    </div>
  );
}

/** Round times below the map. */
function timesBelow({ seconds: { first, count } }: SecondsFrame, wallOffsetMs: number | null) {
  const [fromNs, toNs] = [first * SECOND_NS, (first + count) * SECOND_NS];
  const margin = (toNs - fromNs) * MARGIN_SHARE;
  return timeTicks({ fromNs, toNs }, wallOffsetMs)
    .filter((atNs) => atNs > fromNs + margin && atNs < toNs - margin)
    .map((atNs) => ({ atNs, text: formatDeviceTime(atNs, wallOffsetMs) }));
}

function useInks(place: RefObject<HTMLElement | null>): SecondsInks | null {
  const [inks, setInks] = useState<SecondsInks | null>(null);
  useEffect(() => {
    const read = () => place.current && setInks(secondsInks(themeColours(place.current)));
    read();
    return onThemeChange(read);
  }, [place]);
  return inks;
}
