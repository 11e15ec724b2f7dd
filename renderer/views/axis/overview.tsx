import { useRef } from 'react';
import type { PointerEvent } from 'react';
import type { RangeNs } from '../../store/index.ts';
import { placed } from './drag.ts';
import { clamp, lengthOf, nsAt, within } from './stretch.ts';

export interface OverviewProps {
  readonly domain: RangeNs;
  readonly bounds: RangeNs;
  readonly ranges: readonly RangeNs[];
  readonly onDomain: (domain: RangeNs) => void;
}

/** All of the axis on a thin strip, and which part of it is shown. Pressed or dragged, that part goes there. */
export function Overview({ domain, bounds, ranges, onDomain }: OverviewProps) {
  const isDragged = useRef(false);
  const go = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const middleNs = nsAt(bounds, clamp((event.clientX - box.left) / box.width, 0, 1));
    const half = lengthOf(domain) / 2;
    onDomain(within(bounds, { fromNs: middleNs - half, toNs: middleNs + half }));
  };
  const isAll = lengthOf(domain) >= lengthOf(bounds) * 0.999;
  return (
    <div
      className={isAll ? 'axis-overview axis-overview-idle' : 'axis-overview'}
      aria-hidden="true"
      onPointerDown={(event) => {
        if (event.button !== 0 || isAll) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        isDragged.current = true;
        go(event);
      }}
      onPointerMove={(event) => isDragged.current && go(event)}
      onPointerUp={() => (isDragged.current = false)}
      onPointerCancel={() => (isDragged.current = false)}
    >
      {ranges.map((range) => (
        <span key={range.fromNs} className="axis-overview-range" style={placed(bounds, range) ?? { width: 0 }} />
      ))}
      <span className="axis-overview-shown" style={placed(bounds, domain) ?? { width: 0 }} />
    </div>
  );
}
