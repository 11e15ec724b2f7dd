import { useCallback, useMemo } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { FlowMap } from '../../../derive/flows/index.ts';
import { Drawing, type Pen } from '../../../widgets/drawing.tsx';
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
  const { widthPx, heightPx } = size;
  const layout = useMemo(() => layOutMap(map, widthPx, heightPx), [map, widthPx, heightPx]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, pen: Pen<MapInks>) =>
      drawMap(context, { map, layout, widthPx, heightPx, pointed, ...pen }),
    [map, layout, widthPx, heightPx, pointed],
  );
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
      <Drawing className="net-map-canvas" size={size} readInks={mapInks} draw={draw} />
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
