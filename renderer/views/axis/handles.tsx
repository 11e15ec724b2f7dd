import type { KeyboardEvent } from 'react';
import { united } from '../../store/index.ts';
import type { RangeNs, Selection } from '../../store/index.ts';
import type { AxisClock } from './clock.ts';
import { leftOf } from './drag.ts';
import { clamp, ordered, shareAt } from './stretch.ts';

export interface HandlesProps {
  readonly domain: RangeNs;
  readonly ranges: readonly RangeNs[];
  /** One step of an arrow key. */
  readonly stepNs: number;
  readonly clock: AxisClock;
  readonly onSelect: (range: Selection['range']) => void;
}

/** The edges of what is selected, for the keyboard; the pointer grabs the edges of the brush below. */
export function Handles({ domain, ranges, stepNs, clock, onSelect }: HandlesProps) {
  const put = (index: number, range: RangeNs) => {
    const next = united(ranges.map((each, at) => (at === index ? range : each)));
    if (next) onSelect(next);
  };
  return ranges.map((range, index) => {
    const name = ranges.length > 1 ? `range ${index + 1}` : 'the selected range';
    const shared = { domain, stepNs, clock };
    return [
      <Handle
        key={`start ${index}`}
        {...shared}
        label={`Start of ${name}`}
        ns={range.fromNs}
        onMove={(ns) => put(index, ordered(ns, range.toNs))}
      />,
      <Handle
        key={`end ${index}`}
        {...shared}
        label={`End of ${name}`}
        ns={range.toNs}
        onMove={(ns) => put(index, ordered(range.fromNs, ns))}
      />,
    ];
  });
}

export interface HandleProps extends Pick<HandlesProps, 'domain' | 'stepNs' | 'clock'> {
  readonly label: string;
  readonly ns: number;
  readonly look?: string;
  readonly onMove: (ns: number) => void;
}

/** Arrows move it by a step, with Shift by ten. */
export function Handle({ label, ns, domain, stepNs, clock, look = 'brush-handle', onMove }: HandleProps) {
  const move = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(clamp(ns + direction * stepNs * (event.shiftKey ? 10 : 1), domain.fromNs, domain.toNs));
  };
  return (
    <div
      className={look}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={1000}
      aria-valuenow={Math.round(clamp(shareAt(domain, ns), 0, 1) * 1000)}
      aria-valuetext={clock.text(ns)}
      hidden={leftOf(domain, ns) === null}
      style={{ left: leftOf(domain, ns) ?? 0 }}
      onKeyDown={move}
    />
  );
}
