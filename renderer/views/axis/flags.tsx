import type { Mark } from '../../../electron/bridge/contract.ts';
import type { RangeNs } from '../../store/index.ts';
import { FlagIcon } from '../../widgets/icons.tsx';
import type { AxisClock } from './clock.ts';
import { placed } from './drag.ts';
import { markTime } from './mark-words.ts';
import { overlaps } from './stretch.ts';

export interface FlagsProps {
  readonly domain: RangeNs;
  readonly marks: readonly Mark[];
  readonly clock: AxisClock;
  readonly onEdit: (mark: Mark) => void;
}

/** More than these cannot be told apart, and each is a stop for Tab; the list has them all. */
const MOST_FLAGS = 100;

/** A flag for each mark in sight; of a stretch, with a bar as long as it. Pressed, it can be written on. */
export function Flags({ domain, marks, clock, onEdit }: FlagsProps) {
  const isShown = ({ fromNs, toNs }: Mark) => overlaps(domain, { fromNs, toNs: Math.max(toNs, fromNs + 1) });
  return marks
    .filter(isShown)
    .slice(0, MOST_FLAGS)
    .map((mark) => {
      const style = placed(domain, { fromNs: mark.fromNs, toNs: Math.max(mark.toNs, mark.fromNs + 1) });
      return (
        <div key={mark.id} className={`axis-mark axis-mark-${mark.by}`} style={style ?? { width: 0 }}>
          <button
            type="button"
            aria-label={`Mark at ${markTime(mark, clock)}: ${mark.text}`}
            title={`${mark.text}\n${markTime(mark, clock)}`}
            onPointerDown={(event) => event.stopPropagation()}
            onDoubleClick={(event) => event.stopPropagation()}
            onClick={() => onEdit(mark)}
          >
            <FlagIcon size={12} />
          </button>
        </div>
      );
    });
}
