import { useCallback, useMemo, useRef } from 'react';
import type { Band, HeatMap } from '../../derive/calls/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { Drawing, type Pen } from '../../widgets/drawing.tsx';
import { BOTTOM_PX, LEFT_PX, RIGHT_PX, TOP_PX } from '../../widgets/plot-axes.ts';
import { PlotPointer } from '../../widgets/plot-pointer.tsx';
import { timeLabels } from '../../widgets/time-ticks.ts';
import { useSize } from '../../widgets/use-size.ts';
import { drawHeat, type HeatInks, heatInks } from './heat-draw.ts';
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

/** Time × latency on a canvas. What is selected is a stretch of time and a band of latency. */
export function HeatMapPicture(props: HeatMapProps) {
  const { heat, range, rows, band, wallOffsetMs, pointed, pointedText, onPoint, onSelect } = props;
  const { columns } = heat;
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  const frame = useMemo((): HeatFrame => {
    const widthPx = Math.max(1, size.widthPx - LEFT_PX - RIGHT_PX);
    const heightPx = Math.max(1, size.heightPx - TOP_PX - BOTTOM_PX);
    return { widthPx, heightPx, range, ...rows };
  }, [size, range, rows]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, pen: Pen<HeatInks>) =>
      drawHeat(context, { heat, frame, band, times: timeLabels(range, wallOffsetMs), ...pen }),
    [heat, frame, band, range, wallOffsetMs],
  );
  return (
    <div className="heat-map" ref={place}>
      <Drawing className="heat-canvas" size={size} readInks={heatInks} draw={draw} />
      <PlotPointer
        name="calls-heat-plot"
        label="Calls by time and latency. Arrow keys move, with Shift they select, Enter applies the selection."
        {...{ pointed, pointedText, onPoint }}
        placeAt={(x, y) => pointAt(frame, x, y)}
        isSame={(a, b) => isSameCell(columns, a, b)}
        stepFrom={(key, from) => keyStep(key, from, columns, rows)}
        onSelect={(from, to) => onSelect(boxBetween(columns, from, to))}
      >
        {(from) =>
          pointed && (
            <span
              className={from ? 'heat-selected' : 'heat-pointed'}
              style={placed(frame, boxBetween(columns, from ?? pointed, pointed))}
            />
          )
        }
      </PlotPointer>
    </div>
  );
}

function placed(frame: HeatFrame, { range, from, to }: HeatBox) {
  const [left, right] = [xOf(frame, range.fromNs), xOf(frame, range.toNs)];
  const [top, bottom] = [topOf(frame, to), topOf(frame, from - 1)];
  // Moved and not laid out: it follows the pointer in every frame.
  return { transform: `translate(${left}px, ${top}px)`, width: Math.max(1, right - left), height: bottom - top };
}
