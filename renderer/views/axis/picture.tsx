import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { RangeNs } from '../../store/index.ts';
import { onThemeChange, themeColours } from '../../theme/theme-reader.ts';
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
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = useLook(canvas);
  const { widthPx, pixelRatio } = size;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !look || widthPx === 0) return;
    const ticks = clock.ticks(domain).map((atNs) => ({ atNs, text: clock.text(atNs) }));
    drawAxis(context, {
      domain,
      extent,
      layout,
      widthPx,
      pixelRatio,
      lost,
      happenings,
      ticks,
      tracks: drawn,
      ...look,
    });
  }, [drawn, lost, domain, extent, layout, widthPx, pixelRatio, clock, happenings, look]);
  return (
    <canvas
      ref={canvas}
      className="axis-canvas"
      width={Math.round(widthPx * pixelRatio)}
      height={Math.round(layout.heightPx * pixelRatio)}
      style={{ height: layout.heightPx }}
      aria-hidden="true"
    />
  );
});

interface Look {
  readonly inks: AxisInks;
  readonly family: string;
}

/** Read once for a theme: to ask a page that has just changed for its style lays it out at once. */
function useLook(place: RefObject<HTMLElement | null>): Look | null {
  const [look, setLook] = useState<Look | null>(null);
  useEffect(() => {
    const read = () => {
      const element = place.current;
      if (element) setLook({ inks: axisInks(themeColours(element)), family: getComputedStyle(element).fontFamily });
    };
    read();
    return onThemeChange(read);
  }, [place]);
  return look;
}
