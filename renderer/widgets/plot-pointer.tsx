import { useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';

export interface PlotPointerProps<Place> {
  /** One more class of the plot. */
  readonly name: string;
  /** What it is, and which keys do what in it. */
  readonly label: string;
  readonly pointed: Place | null;
  readonly pointedText: string;
  /** CSS pixels from the upper left corner of the plot. */
  readonly placeAt: (x: number, y: number) => Place;
  /** There is nothing else to say of the one than of the other. */
  readonly isSame: (a: Place, b: Place) => boolean;
  /** Where a key leads; null = it does not move. */
  readonly stepFrom: (key: string, from: Place | null) => Place | null;
  readonly onPoint: (place: Place | null) => void;
  /** `adds`: to what is selected. */
  readonly onSelect: (from: Place, to: Place, adds: boolean) => void;
  /** What is marked; `from` null = nothing is being selected. */
  readonly children: (from: Place | null) => ReactNode;
}

/** A press that moves less is no selection. */
const DRAG_AT_LEAST_PX = 4;

interface Spot<Place> {
  readonly place: Place;
  readonly x: number;
  readonly y: number;
}

/** The part of a plot that is pointed at. A drag, or Shift with the arrow keys and then Enter, selects from here to there. */
export function PlotPointer<Place>(props: PlotPointerProps<Place>) {
  const { name, label, pointed, pointedText, placeAt, isSame, stepFrom, onPoint, onSelect, children } = props;
  const [start, setStart] = useState<Spot<Place> | null>(null);
  // What a pointer passes over is not read out.
  const [isByKey, setByKey] = useState(false);
  const spotOf = (event: PointerEvent<HTMLElement>): Spot<Place> => {
    const box = event.currentTarget.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return { place: placeAt(x, y), x, y };
  };
  const finish = (event: PointerEvent<HTMLElement>) => {
    setStart(null);
    if (!start) return;
    const end = spotOf(event);
    if (Math.hypot(end.x - start.x, end.y - start.y) >= DRAG_AT_LEAST_PX) onSelect(start.place, end.place, adds(event));
  };
  const onMove = (event: PointerEvent<HTMLElement>) => {
    const { place } = spotOf(event);
    if (pointed !== null && !isByKey && isSame(pointed, place)) return;
    setByKey(false);
    onPoint(place);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && pointed !== null) {
      event.preventDefault();
      setStart(null);
      return onSelect(start?.place ?? pointed, pointed, adds(event));
    }
    if (event.key === 'Escape' && start) {
      event.stopPropagation();
      return setStart(null);
    }
    const next = stepFrom(event.key, pointed);
    if (next === null) return;
    event.preventDefault();
    if (!event.shiftKey) setStart(null);
    else setStart(start ?? { place: pointed ?? next, x: 0, y: 0 });
    setByKey(true);
    onPoint(next);
  };
  return (
    <>
      <div
        className={`heat-plot ${name}`}
        role="application"
        aria-roledescription="heat map"
        aria-label={label}
        tabIndex={0}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setStart(spotOf(event));
        }}
        onPointerMove={onMove}
        onPointerUp={finish}
        onPointerCancel={() => setStart(null)}
        onPointerLeave={() => start === null && onPoint(null)}
        onBlur={() => {
          setStart(null);
          onPoint(null);
        }}
        onKeyDown={onKey}
      >
        {children(start?.place ?? null)}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {isByKey && pointedText}
      </p>
    </>
  );
}

function adds({ ctrlKey, metaKey }: { readonly ctrlKey: boolean; readonly metaKey: boolean }): boolean {
  return ctrlKey || metaKey;
}
