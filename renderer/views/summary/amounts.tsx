import type { ProbeAmount, RecordedFile } from '../../../electron/bridge/contract.ts';
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import { formatBytes, formatCount, formatDuration, formatRate } from '../../widgets/format.ts';
import { Losses } from './findings.tsx';

export interface AmountsProps {
  readonly amounts: readonly ProbeAmount[];
  readonly losses: readonly string[];
  readonly file: RecordedFile;
  readonly stepNs: number;
}

/** How much was seen, kept and lost, and how much of a file that is. */
export function Amounts({ amounts, losses, file, stepNs }: AmountsProps) {
  return (
    <section className="summary-part">
      <h2>How much was recorded</h2>
      {amounts.length > 0 && (
        <table className="summary-table">
          <thead>
            <tr>
              <th scope="col">Probe</th>
              <th scope="col">Per second</th>
              <th scope="col">Seen</th>
              <th scope="col">Kept</th>
              <th scope="col" title="Not asked for: other processes, ports or calls">
                Left out
              </th>
              <th scope="col">Lost</th>
            </tr>
          </thead>
          <tbody>
            {amounts.map(({ probe, unit, seconds, seen, kept, filtered, lost }) => (
              <tr key={probe}>
                <th scope="row">{findProbe(probe)?.title ?? probe}</th>
                <td>
                  {seconds > 0 ? formatRate(seen / seconds) : ''} {unit}
                </td>
                <td>{formatCount(seen)}</td>
                <td>{formatCount(kept)}</td>
                <td>{formatCount(filtered)}</td>
                <td className={lost > 0 ? 'summary-bad' : ''}>{formatCount(lost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Losses losses={losses} />
      {stepNs > 0 && (
        <p className="summary-dim">
          Read as sums of {formatDuration(stepNs / 1e9)} each, as it is a long recording: counts are exact, times no
          finer.
        </p>
      )}
      <p className="summary-dim">{fileText(file)}</p>
    </section>
  );
}

export function fileText({ bytes, seconds, complete, sondeVersion, formatVersion, destination }: RecordedFile): string {
  const rate = seconds > 0 ? `, ${formatBytes(bytes / seconds)} for a second` : '';
  const from = destination === '' ? '' : `, recorded from ${destination}`;
  const end = complete ? '' : ', without its end: cut short, or still being recorded';
  return `The file: ${formatBytes(bytes)} for ${formatDuration(seconds)}${rate}${from}; Sonde ${sondeVersion || '?'}, format ${formatVersion}${end}.`;
}
