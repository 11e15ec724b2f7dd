import { useCallback, useMemo } from 'react';
import type { RefObject } from 'react';
import { SECOND_NS, type SecondsGrid, type SlotPlace } from '../../derive/subsecond/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { Drawing, type Pen } from '../../widgets/drawing.tsx';
import { BOTTOM_PX, LEFT_PX, RIGHT_PX, TOP_PX } from '../../widgets/plot-axes.ts';
import { PlotPointer } from '../../widgets/plot-pointer.tsx';
import { timeLabels } from '../../widgets/time-ticks.ts';
import type { Size } from '../../widgets/use-size.ts';
import { drawSeconds, type SecondsInks, secondsInks } from './draw.ts';
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

/** Seconds × parts of a second on a canvas. What is selected goes from one part to another. */
export function SubsecondMap(props: SubsecondMapProps) {
  const { place, size, grid, selected, isEmpty, newest, wallOffsetMs, pointed, pointedText, onPoint, onSelect } = props;
  const { seconds, slotNs } = grid;
  const frame = useMemo((): SecondsFrame => {
    const widthPx = Math.max(1, size.widthPx - LEFT_PX - RIGHT_PX);
    const heightPx = Math.max(1, size.heightPx - TOP_PX - BOTTOM_PX);
    return { widthPx, heightPx, seconds, slotNs };
  }, [size, seconds, slotNs]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, pen: Pen<SecondsInks>) =>
      drawSeconds(context, { grid, frame, times: timeLabels(spanOf(frame), wallOffsetMs), ...pen }),
    [grid, frame, wallOffsetMs],
  );
  return (
    <div className="heat-map" ref={place} inert={isEmpty}>
      <Drawing className="heat-canvas" size={size} readInks={secondsInks} draw={draw} />
      <PlotPointer
        name="subsecond-plot"
        label="Samples by second and part of the second. Arrow keys move, with Shift they select, Enter applies the selection, Control and Enter add it."
        {...{ pointed, pointedText, onPoint }}
        placeAt={(x, y) => placeAt(frame, x, y)}
        isSame={(a, b) => a.second === b.second && a.slot === b.slot}
        stepFrom={(key, from) => keyStep(key, from, frame, newest)}
        onSelect={(from, to, adds) => onSelect(rangeBetween(from, to, slotNs), adds)}
      >
        {(from) => (
          <>
            {(from && pointed ? [rangeBetween(from, pointed, slotNs)] : selected).flatMap((range) =>
              rectanglesOf(frame, range).map((box) => (
                <span key={`${range.fromNs} ${box.left}`} className="heat-selected" style={box} />
              )),
            )}
            {pointed && <Pointed frame={frame} at={pointed} />}
          </>
        )}
      </PlotPointer>
    </div>
  );
}

function Pointed({ frame, at }: { readonly frame: SecondsFrame; readonly at: SlotPlace }) {
  return rectanglesOf(frame, rangeBetween(at, at, frame.slotNs)).map(({ left, top, width, height }) => (
    <span
      key="pointed"
      className="heat-pointed"
      // Moved and not laid out: it follows the pointer in every frame.
      style={{ left: 0, top: 0, width, height, transform: `translate(${left}px, ${top}px)` }}
    />
  ));
}

function spanOf({ seconds: { first, count } }: SecondsFrame): RangeNs {
  return { fromNs: first * SECOND_NS, toNs: (first + count) * SECOND_NS };
}
