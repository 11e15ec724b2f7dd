import type { FlowList } from '../../derive/flows/index.ts';
import type { Coverage } from '../../derive/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { formatBytes, formatCount, formatDuration, formatShare } from '../../widgets/format.ts';
import { WarningIcon } from '../../widgets/icons.tsx';

export interface CoverageNoteProps {
  readonly list: FlowList;
  /** Payload of the flows shown. */
  readonly bytes: number;
  readonly coverage: Coverage;
  readonly forgottenBeforeNs: number;
  readonly range: RangeNs;
}

/** How much the table is made of, and what is missing from it. */
export function CoverageNote({ list, bytes, coverage, forgottenBeforeNs, range }: CoverageNoteProps) {
  const { lost, kept, lostByCause, seconds } = coverage;
  const flows = list.shown.length;
  return (
    <p className="net-coverage">
      {formatCount(flows)} {flows === 1 ? 'flow' : 'flows'} in {formatDuration(seconds)}
      <span title="Payload at the sockets of this box, both ways">{formatBytes(bytes)}</span>
      {lost > 0 && (
        <span
          className="net-lost"
          title={lostByCause.map(({ cause, count }) => `${cause}: ${count} packets`).join('\n')}
        >
          <WarningIcon size={12} /> {formatShare(lost / (lost + kept))} of packets lost
        </span>
      )}
      {range.fromNs < forgottenBeforeNs && (
        <span title="Older rows are in the recording; the window keeps the newest 64 MB of them">oldest not kept</span>
      )}
    </p>
  );
}

export interface OwnNoteProps {
  readonly list: FlowList;
  readonly isHidden: boolean;
  readonly onHide: (isHidden: boolean) => void;
}

/** What watching itself sends and gets is left out, and that is said. */
export function OwnNote({ list: { ownFlows, ownBytes }, isHidden, onHide }: OwnNoteProps) {
  if (ownFlows === 0) return null;
  return (
    <label className="net-own" title="The SSH connection that Sonde itself talks over">
      <input type="checkbox" checked={!isHidden} onChange={(event) => onHide(!event.target.checked)} />
      Sonde’s own connection ({formatBytes(ownBytes)}
      {isHidden ? ', not shown' : ''})
    </label>
  );
}
