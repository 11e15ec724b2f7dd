import type { ProbeRun } from '../../../electron/bridge/contract.ts';
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { formatDeviceTime, formatDuration } from '../../widgets/format.ts';

export interface RunsProps {
  readonly runs: readonly ProbeRun[];
  readonly wallOffsetMs: number | null;
  readonly onRange: (range: RangeNs) => void;
}

/** What was on, from when to when, and why it ended; a press selects that time. */
export function Runs({ runs, wallOffsetMs, onRange }: RunsProps) {
  if (runs.length === 0) return null;
  return (
    <section className="summary-part">
      <h2>What was on</h2>
      <ul className="summary-runs">
        {runs.map((run) => (
          <li key={`${run.probe} ${run.fromNs}`}>
            <b>{findProbe(run.probe)?.title ?? run.probe}</b>
            <RunTime {...{ run, wallOffsetMs, onRange }} />
            {run.options !== '' && <span className="summary-dim">{run.options}</span>}
            {run.end !== '' && (
              <span className={run.failed ? 'summary-bad' : 'summary-dim'}>
                {run.failed ? `failed: ${run.end}` : `ended: ${run.end}`}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RunTime({ run, wallOffsetMs, onRange }: { readonly run: ProbeRun } & Omit<RunsProps, 'runs'>) {
  const { fromNs, toNs } = run;
  const from = formatDeviceTime(fromNs, wallOffsetMs);
  if (toNs <= fromNs) return <span className="summary-dim">{from}</span>;
  return (
    <button
      type="button"
      className="button button-link"
      title="Select this time"
      onClick={() => onRange({ fromNs, toNs })}
    >
      {from} – {formatDeviceTime(toNs, wallOffsetMs)}, {formatDuration((toNs - fromNs) / 1e9)}
    </button>
  );
}
