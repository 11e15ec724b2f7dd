import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';

export interface Size {
  /** Both 0 while it is not on the screen. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
}

const NO_SIZE: Size = { widthPx: 0, heightPx: 0, pixelRatio: 1 };

/** How large an element is, without its border. */
export function useSize(place: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState(NO_SIZE);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => {
      const { clientWidth: widthPx, clientHeight: heightPx } = element;
      setSize({ widthPx, heightPx, pixelRatio: window.devicePixelRatio || 1 });
    };
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    measure();
    return () => resized.disconnect();
  }, [place]);
  return size;
}
