import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { FlowMap } from '../../../derive/flows/index.ts';
import { onThemeChange, themeColours } from '../../../theme/theme-reader.ts';
import type { Size } from '../../../widgets/use-size.ts';
import { drawMap, type MapInks, mapInks } from './map-draw.ts';
import { mapStep } from './map-keys.ts';
import { layOutMap, type MapTarget, targetAt } from './map-layout.ts';
import { isOthers } from './map-words.ts';

export interface MapPictureProps {
  readonly map: FlowMap;
  readonly size: Size;
  readonly pointed: MapTarget | null;
  readonly pointedText: string;
  readonly onPoint: (target: MapTarget | null) => void;
  readonly onPick: (target: MapTarget) => void;
}

/** The map on a canvas. A press on a node or a ribbon narrows the filter to it. */
export function MapPicture({ map, size, pointed, pointedText, onPoint, onPick }: MapPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const inks = useInks(canvas);
  const { widthPx, heightPx, pixelRatio } = size;
  const layout = useMemo(() => layOutMap(map, widthPx, heightPx), [map, widthPx, heightPx]);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !inks || widthPx === 0) return;
    const family = getComputedStyle(context.canvas).fontFamily;
    drawMap(context, { map, layout, inks, family, widthPx, heightPx, pixelRatio, pointed });
  }, [map, layout, inks, widthPx, heightPx, pixelRatio, pointed]);
  const under = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return targetAt(layout, event.clientX - box.left, event.clientY - box.top);
  };
  const pick = (target: MapTarget | null) => {
    if (target && !isOthers(map, target)) onPick(target);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return pick(pointed);
    const next = mapStep(event.key, pointed, map);
    if (!next) return;
    event.preventDefault();
    onPoint(next);
  };
  const canPick = pointed !== null && !isOthers(map, pointed);
  return (
    <>
      <canvas
        ref={canvas}
        className="net-map-canvas"
        width={Math.round(widthPx * pixelRatio)}
        height={Math.round(heightPx * pixelRatio)}
        aria-hidden="true"
      />
      <div
        className={canPick ? 'net-map-pointer net-map-pointing' : 'net-map-pointer'}
        role="application"
        aria-roledescription="map"
        aria-label="Processes and whom they talk to. Arrow keys move, Enter filters the table."
        tabIndex={0}
        onPointerMove={(event) => onPoint(under(event))}
        onPointerLeave={() => onPoint(null)}
        onPointerUp={(event) => event.button === 0 && pick(under(event))}
        onBlur={() => onPoint(null)}
        onKeyDown={onKey}
      />
      <p className="visually-hidden" aria-live="polite">
        {pointedText}
      </p>
    </>
  );
}

function useInks(place: React.RefObject<HTMLElement | null>): MapInks | null {
  const [inks, setInks] = useState<MapInks | null>(null);
  useEffect(() => {
    const read = () => place.current && setInks(mapInks(themeColours(place.current)));
    read();
    return onThemeChange(read);
  }, [place]);
  return inks;
}
