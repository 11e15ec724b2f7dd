/** What a reader must know to judge a profile, as short lines: for comments and metadata of every format. */
import { describeLoss } from '../../../remote-agent/protocol/index.ts';
import type { CollectedProfile } from './collect-profile.ts';

const NS_PER_SECOND = 1e9;
/** Windows do not meet to the microsecond. */
const MIN_GAP_NS = 1e8;

/** No line ends in a number: flamegraph.pl would take it for a stack. */
export function factLines(profile: CollectedProfile): string[] {
  const { device, totals, hz, cpus, coveredNs, gapNs, mergedWindows } = profile;
  const lines = [
    `device: ${device?.hostname || 'unknown'}, ${device?.osName || 'unknown system'}, kernel ${device?.kernelRelease ?? '?'} (${device?.machine ?? '?'})`,
    `sampled: ${hz} Hz on ${cpus} CPUs for ${(coveredNs / NS_PER_SECOND).toFixed(1)} s`,
    `samples: ${totals.kept} kept of ${totals.seen} seen, ${totals.idle} idle, ${totals.filtered} filtered, ${totals.incompleteStacks} with an incomplete stack`,
  ];
  for (const [cause, count] of totals.lost) lines.push(`lost: ${count} samples: ${describeLoss(cause)}`);
  if (totals.lost.size === 0) lines.push('lost: none');
  if (gapNs >= MIN_GAP_NS) lines.push(`gaps: no data for ${(gapNs / NS_PER_SECOND).toFixed(1)} s in between`);
  if (mergedWindows > 0)
    lines.push(`merged: ${mergedWindows} windows were put together because the link or the device was busy`);
  if (profile.realtimeMs !== null)
    lines.push(`start: ${new Date(profile.realtimeMs).toISOString()} by the device's clock`);
  return lines;
}
