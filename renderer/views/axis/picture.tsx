import { memo, useCallback, useMemo } from 'react';
import type { RangeNs } from '../../store/index.ts';
import { Drawing, type Pen } from '../../widgets/drawing.tsx';
import type { Size } from '../../widgets/use-size.ts';
import type { AxisClock } from './clock.ts';
import { type AxisInks, axisInks, drawAxis } from './draw.ts';
import type { Happening } from './happenings.ts';
import type { AxisLayout } from './layout.ts';
import type { Drawn } from './use-drawn.ts';

export interface AxisPictureProps extends Pick<Drawn, 'drawn' | 'lost'> {
  readonly domain: RangeNs;
  readonly extent: RangeNs;
  readonly layout: AxisLayout;
  readonly size: Size;
  readonly clock: AxisClock;
  readonly happenings: readonly Happening[];
}

/** Everything of the axis that is not pressed: drawn again when data or domain change, not while something is dragged. */
export const AxisPicture = memo(function AxisPicture(props: AxisPictureProps) {
  const { drawn, lost, domain, extent, layout, size, clock, happenings } = props;
  const { heightPx } = layout;
  const { widthPx, pixelRatio } = size;
  const draw = useCallback(
    (context: CanvasRenderingContext2D, pen: Pen<AxisInks>) => {
      const ticks = clock.ticks(domain, widthPx).map((atNs) => ({ atNs, text: clock.text(atNs) }));
      drawAxis(context, { domain, extent, layout, widthPx, lost, happenings, ticks, tracks: drawn, ...pen });
    },
    [drawn, lost, domain, extent, layout, widthPx, clock, happenings],
  );
  const drawnSize = useMemo(() => ({ widthPx, heightPx, pixelRatio }), [widthPx, heightPx, pixelRatio]);
  return <Drawing className="axis-canvas" size={drawnSize} readInks={axisInks} draw={draw} />;
});
