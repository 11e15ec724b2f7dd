import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { Band, HeatMap } from '../../derive/calls/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { onThemeChange, themeColours } from '../../theme/theme-reader.ts';
import { useSize } from '../../widgets/use-size.ts';
import { BOTTOM_PX, drawHeat, type HeatInks, heatInks, LEFT_PX, RIGHT_PX, TOP_PX } from './heat-draw.ts';
import {
  boxBetween,
  type HeatBox,
  type HeatFrame,
  type HeatPoint,
  isSameCell,
  pointAt,
  topOf,
  xOf,
} from './heat-frame.ts';
import { keyStep } from './heat-keys.ts';
import { heatTimes } from './heat-times.ts';

export interface HeatMapProps {
  readonly heat: HeatMap;
  readonly range: RangeNs;
  readonly rows: { readonly lowest: number; readonly highest: number };
  readonly band: Band;
  readonly wallOffsetMs: number | null;
  readonly pointed: HeatPoint | null;
  readonly pointedText: string;
  readonly onPoint: (point: HeatPoint | null) => void;
  readonly onSelect: (box: HeatBox) => void;
}

/** A press that moves less is no selection. */
const DRAG_AT_LEAST_PX = 4;

/** Time × latency on a canvas. A drag, or Shift with the arrow keys, selects a stretch of time and a band of latency. */
export function HeatMapPicture(props: HeatMapProps) {
  const { heat, range, rows, band, wallOffsetMs, pointed } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  const inks = useInks(place);
  const [anchor, setAnchor] = useState<HeatPoint | null>(null);
  // What a pointer passes over is not read out.
  const [isByKey, setByKey] = useState(false);
  const frame = useMemo((): HeatFrame => {
    const widthPx = Math.max(1, size.widthPx - LEFT_PX - RIGHT_PX);
    const heightPx = Math.max(1, size.heightPx - TOP_PX - BOTTOM_PX);
    return { widthPx, heightPx, range, ...rows };
  }, [size, range, rows]);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !inks || size.widthPx === 0) return;
    const times = heatTimes(frame, wallOffsetMs);
    drawHeat(context, { heat, frame, band, inks, pixelRatio: size.pixelRatio, times });
  }, [heat, frame, band, inks, size, wallOffsetMs]);
  const locate = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return pointAt(frame, event.clientX - box.left, event.clientY - box.top);
  };
  const chosen = anchor && pointed ? boxBetween(heat.columns, anchor, pointed) : null;
  const finish = (event: PointerEvent<HTMLElement>) => {
    setAnchor(null);
    if (!anchor) return;
    const end = locate(event);
    const movedX = Math.abs(xOf(frame, end.atNs) - xOf(frame, anchor.atNs));
    if (movedX >= DRAG_AT_LEAST_PX || end.bucket !== anchor.bucket)
      props.onSelect(boxBetween(heat.columns, anchor, end));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && pointed) {
      event.preventDefault();
      setAnchor(null);
      return props.onSelect(chosen ?? boxBetween(heat.columns, pointed, pointed));
    }
    if (event.key === 'Escape' && anchor) {
      event.stopPropagation();
      return setAnchor(null);
    }
    const next = keyStep(event.key, pointed, heat.columns, rows);
    if (!next) return;
    event.preventDefault();
    if (!event.shiftKey) setAnchor(null);
    else setAnchor(anchor ?? pointed ?? next);
    setByKey(true);
    props.onPoint(next);
  };
  const onMove = (event: PointerEvent<HTMLElement>) => {
    const to = locate(event);
    if (pointed && !isByKey && isSameCell(heat.columns, pointed, to)) return;
    setByKey(false);
    props.onPoint(to);
  };
  return (
    <div className="calls-heat" ref={place}>
      <canvas
        ref={canvas}
        width={Math.round(size.widthPx * size.pixelRatio)}
        height={Math.round(size.heightPx * size.pixelRatio)}
        aria-hidden="true"
      />
      <div
        className="calls-heat-plot"
        role="application"
        aria-roledescription="heat map"
        aria-label="Calls by time and latency. Arrow keys move, with Shift they select, Enter applies the selection."
        tabIndex={0}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setAnchor(locate(event));
        }}
        onPointerMove={onMove}
        onPointerUp={finish}
        onPointerCancel={() => setAnchor(null)}
        onPointerLeave={() => anchor === null && props.onPoint(null)}
        onBlur={() => {
          setAnchor(null);
          props.onPoint(null);
        }}
        onKeyDown={onKey}
      >
        {chosen && <span className="calls-heat-box" style={placed(frame, chosen)} />}
        {!chosen && pointed && (
          <span className="calls-heat-cell" style={placed(frame, boxBetween(heat.columns, pointed, pointed))} />
        )}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {isByKey && props.pointedText}
      </p>
    </div>
  );
}

function placed(frame: HeatFrame, { range, from, to }: HeatBox) {
  const [left, right] = [xOf(frame, range.fromNs), xOf(frame, range.toNs)];
  const [top, bottom] = [topOf(frame, to), topOf(frame, from - 1)];
  // Moved and not laid out: it follows the pointer in every frame.
  return { transform: `translate(${left}px, ${top}px)`, width: Math.max(1, right - left), height: bottom - top };
}

function useInks(place: React.RefObject<HTMLElement | null>): HeatInks | null {
  const [inks, setInks] = useState<HeatInks | null>(null);
  useEffect(() => {
    const read = () => {
      const element = place.current;
      if (element) setInks(heatInks(themeColours(element), getComputedStyle(element).fontFamily));
    };
    read();
    return onThemeChange(read);
  }, [place]);
  return inks;
}
