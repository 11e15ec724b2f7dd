import type { RangeNs } from '../../store/index.ts';
import type { ReadoutLine } from './readout-lines.ts';
import { shareAt } from './stretch.ts';

export interface ReadoutProps {
  readonly domain: RangeNs;
  readonly atNs: number;
  readonly time: string;
  readonly lines: readonly ReadoutLine[];
}

/** What the pointer is on: for eyes only, as it follows a mouse. */
export function Readout({ domain, atNs, time, lines }: ReadoutProps) {
  const share = shareAt(domain, atNs);
  return (
    <div
      className="axis-readout"
      aria-hidden="true"
      style={share < 0.6 ? { left: `${share * 100}%` } : { right: `${(1 - share) * 100}%` }}
    >
      <b>{time}</b>
      <dl>
        {lines.map(({ title, text, kind }, index) => (
          // Lines are made anew for every moment, and have no state.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className={`axis-readout-${kind}`}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
