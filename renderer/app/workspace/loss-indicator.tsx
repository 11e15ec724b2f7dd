import { describeLoss } from '../../../remote-agent/protocol/loss.ts';
import type { RangeNs, SessionSnapshot } from '../../store/index.ts';
import { formatCount, formatDeviceTime, formatShare } from '../../widgets/format.ts';
import { CheckIcon, WarningIcon } from '../../widgets/icons.tsx';
import { Popover } from '../../widgets/popover.tsx';
import { lossStretches, summariseLoss } from './loss.ts';
import type { LossSummary } from './loss.ts';

export interface LossIndicatorProps {
  readonly snapshot: SessionSnapshot;
  readonly onSelect: (range: RangeNs) => void;
}

/** Nothing lost is said too, calmly: silence could mean that nobody counts. */
export function LossIndicator({ snapshot, onSelect }: LossIndicatorProps) {
  const loss = summariseLoss(snapshot.totals);
  if (loss.lost === 0) {
    return (
      <span className="status-item status-good" title="Every sample the kernel took is in the data">
        <CheckIcon size={12} />0 lost
      </span>
    );
  }
  const face = (
    <>
      <WarningIcon size={13} />
      {formatCount(loss.lost)} lost ({formatShare(loss.share)})
    </>
  );
  return (
    <Popover
      face={face}
      label="Lost samples of the whole session"
      look="status-item status-warn"
      side="above"
      align="start"
    >
      {(close) => (
        <LossPanel
          loss={loss}
          snapshot={snapshot}
          onSelect={(range) => {
            onSelect(range);
            close();
          }}
        />
      )}
    </Popover>
  );
}

function LossPanel({ loss, snapshot, onSelect }: LossIndicatorProps & { readonly loss: LossSummary }) {
  const stretches = lossStretches(snapshot.samples, 6);
  return (
    <div className="loss-panel">
      <h3>Samples taken but not in the data</h3>
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">Cause</th>
            <th scope="col">Samples</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {loss.causes.map(({ cause, count, share }) => (
            <tr key={cause}>
              <th scope="row">{describeLoss(cause)}</th>
              <td>{formatCount(count)}</td>
              <td>{formatShare(share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>When, newest first</h3>
      <ul className="loss-times">
        {stretches.map(({ fromNs, toNs, count }) => (
          <li key={fromNs}>
            <button type="button" className="button button-link" onClick={() => onSelect({ fromNs, toNs })}>
              {formatDeviceTime(fromNs, snapshot.wallOffsetMs)} – {formatDeviceTime(toNs, snapshot.wallOffsetMs)}
            </button>
            {formatCount(count)} lost
          </li>
        ))}
      </ul>
    </div>
  );
}
