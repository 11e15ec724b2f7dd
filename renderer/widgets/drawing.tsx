import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { onThemeChange, type ThemeColour, themeColours } from '../theme/theme-reader.ts';
import type { Size } from './use-size.ts';

/** What a picture is drawn with. */
export interface Pen<Inks> {
  readonly inks: Inks;
  readonly family: string;
  readonly pixelRatio: number;
}

export interface DrawingProps<Inks> {
  readonly className: string;
  readonly size: Size;
  /** The same function each time. */
  readonly readInks: (colour: ThemeColour) => Inks;
  /** Another function when there is something else to draw. */
  readonly draw: (context: CanvasRenderingContext2D, pen: Pen<Inks>) => void;
}

/** A canvas, drawn anew with another size, another theme or another `draw`. What it shows is said in words elsewhere. */
export function Drawing<Inks>({ className, size, readInks, draw }: DrawingProps<Inks>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = useLook(canvas, readInks);
  const { widthPx, heightPx, pixelRatio } = size;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context && look && widthPx > 0) draw(context, { ...look, pixelRatio });
  }, [draw, look, widthPx, heightPx, pixelRatio]);
  return (
    <canvas
      ref={canvas}
      className={className}
      width={Math.round(widthPx * pixelRatio)}
      height={Math.round(heightPx * pixelRatio)}
      style={{ height: heightPx }}
      aria-hidden="true"
    />
  );
}

/** Read once for a theme: to ask a page that has just changed for its style lays it out at once. */
function useLook<Inks>(place: RefObject<HTMLElement | null>, readInks: (colour: ThemeColour) => Inks) {
  const [look, setLook] = useState<Omit<Pen<Inks>, 'pixelRatio'> | null>(null);
  useEffect(() => {
    const read = () => {
      const element = place.current;
      if (element) setLook({ inks: readInks(themeColours(element)), family: getComputedStyle(element).fontFamily });
    };
    read();
    return onThemeChange(read);
  }, [place, readInks]);
  return look;
}
