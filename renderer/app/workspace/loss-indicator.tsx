import { describeLoss } from '../../../remote-agent/protocol/loss.ts';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import type { ProbeData, RangeNs, StoreSnapshot } from '../../store/index.ts';
import { formatCount, formatDeviceTime, formatShare } from '../../widgets/format.ts';
import { CheckIcon, WarningIcon } from '../../widgets/icons.tsx';
import { Popover } from '../../widgets/popover.tsx';
import { lossStretches, summariseLoss } from './loss.ts';
import type { LossSummary } from './loss.ts';
import { capital } from './probe-words.ts';

export interface LossIndicatorProps {
  readonly snapshot: StoreSnapshot;
  readonly onSelect: (range: RangeNs) => void;
}

interface ProbeLoss {
  readonly data: ProbeData;
  readonly loss: LossSummary;
}

/** Nothing lost is said too, calmly: silence could mean that nobody counts. Each probe that lost something is named. */
export function LossIndicator({ snapshot, onSelect }: LossIndicatorProps) {
  const losing = [...snapshot.probes.values()]
    .map((data): ProbeLoss => ({ data, loss: summariseLoss(data.totals) }))
    .filter(({ loss }) => loss.lost > 0);
  if (losing.length === 0) {
    return (
      <span className="status-item status-good" title="Everything the kernel counted is in the data">
        <CheckIcon size={12} />0 lost
      </span>
    );
  }
  return (
    <Popover
      face={<LossFace losing={losing} />}
      label="What was lost in the whole session"
      look="status-item status-warn"
      side="above"
      align="start"
    >
      {(close) => (
        <div className="loss-panel">
          {losing.map(({ data, loss }) => (
            <LossOfProbe
              key={data.windows.manifest.id}
              {...{ data, loss }}
              wallOffsetMs={snapshot.wallOffsetMs}
              onSelect={(range) => {
                onSelect(range);
                close();
              }}
            />
          ))}
        </div>
      )}
    </Popover>
  );
}

/** More than these have no place in the bar; the panel tells of each. */
const MOST_NAMED = 2;

function LossFace({ losing }: { readonly losing: readonly ProbeLoss[] }) {
  if (losing.length > MOST_NAMED)
    return (
      <>
        <WarningIcon size={13} />
        {losing.length} probes lost data
      </>
    );
  return (
    <>
      <WarningIcon size={13} />
      {losing.map(({ data, loss }, index) => (
        <span key={data.windows.manifest.id} className={index > 0 ? 'status-apart' : undefined}>
          {formatCount(loss.lost)} {lossUnit(data.windows.manifest)} lost
          <span className="loss-share"> ({formatShare(loss.share)})</span>
        </span>
      ))}
    </>
  );
}

/** Single calls are also counted by another probe, which may have lost none. */
function lossUnit({ title, display }: ProbeManifest): string {
  return display.view === 'events' ? title.toLowerCase() : display.unit;
}

interface LossOfProbeProps extends ProbeLoss {
  readonly wallOffsetMs: number | null;
  readonly onSelect: (range: RangeNs) => void;
}

function LossOfProbe({ data, loss, wallOffsetMs, onSelect }: LossOfProbeProps) {
  const { title, display } = data.windows.manifest;
  const stretches = lossStretches(data.windows, 6);
  return (
    <section className="loss-probe">
      <h3>
        {title}: {display.unit} seen but not in the data
      </h3>
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">Cause</th>
            <th scope="col">{capital(display.unit)}</th>
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
              {formatDeviceTime(fromNs, wallOffsetMs)} – {formatDeviceTime(toNs, wallOffsetMs)}
            </button>
            {formatCount(count)} lost
          </li>
        ))}
      </ul>
    </section>
  );
}
