import type { Mark } from '../../../electron/bridge/contract.ts';
import type { NoteSignal } from '../../../remote-agent/protocol/signal.ts';
import type { RangeNs } from '../../store/index.ts';
import { formatDeviceTime, formatDuration } from '../../widgets/format.ts';

export interface MomentsProps {
  readonly marks: readonly Mark[];
  readonly notes: readonly NoteSignal[];
  /** None: all of it. */
  readonly ranges: readonly RangeNs[];
  readonly wallOffsetMs: number | null;
  readonly onGo: (place: RangeNs) => void;
}

export interface Moment extends RangeNs {
  readonly text: string;
}

/** More stand in the list on the axis. */
const MOST = 30;

/** What people and the device said in these ranges, in the order of time. */
export function momentsOf({
  marks,
  notes,
  ranges,
}: Pick<MomentsProps, 'marks' | 'notes' | 'ranges'>): readonly Moment[] {
  const all = [...marks, ...notes.map(({ atNs, text }) => ({ fromNs: atNs, toNs: atNs, text }))];
  const isWithin = ({ fromNs, toNs }: RangeNs) =>
    ranges.length === 0 || ranges.some((range) => fromNs < range.toNs && toNs >= range.fromNs);
  return all.filter(isWithin).toSorted((a, b) => a.fromNs - b.fromNs);
}

export function Moments(props: MomentsProps) {
  const { wallOffsetMs, onGo } = props;
  const moments = momentsOf(props);
  if (moments.length === 0) return null;
  return (
    <section className="summary-part">
      <h2>Marks and notes</h2>
      <ul className="summary-moments">
        {moments.slice(0, MOST).map((moment, index) => (
          // Notes have no name of their own, and no state.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index}>
            <button type="button" className="button button-link" onClick={() => onGo(moment)}>
              {formatDeviceTime(moment.fromNs, wallOffsetMs)}
              {moment.toNs > moment.fromNs && `, ${formatDuration((moment.toNs - moment.fromNs) / 1e9)}`}
            </button>
            <span>{moment.text}</span>
          </li>
        ))}
      </ul>
      {moments.length > MOST && (
        <p className="summary-dim">{moments.length - MOST} more are in the list on the time axis.</p>
      )}
    </section>
  );
}
