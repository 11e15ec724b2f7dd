/** A summary in words, for terminals. */
import { describeLoss } from '../../remote-agent/protocol/index.ts';
import type { Summary } from './summary.ts';

const MAX_PROCESSES = 10;
const NAME_WIDTH = 60;
const MIB = 1 << 20;
/** Windows do not meet to the microsecond. */
const MIN_GAP_S = 0.1;

/** Lines without control characters: names come from a device, but were made safe at the door. */
export function summaryText(summary: Summary): string {
  return [...head(summary), ...functions(summary), ...processes(summary), ...cost(summary)].join('\n');
}

function head({ device, seconds, gapSeconds, samples, rate, cpuBusy }: Summary): string[] {
  const lost = Object.entries(samples.lost);
  const measured = rate.measuredHz === null ? '' : `, ${rate.measuredHz.toFixed(1)} Hz measured`;
  return [
    `${device.hostname || 'unknown device'}: ${device.os || 'unknown system'}, kernel ${device.kernel || '?'}, ${device.machine || '?'}, ${device.onlineCpus} CPUs`,
    `${seconds.toFixed(1)} s, ${rate.askedHz} Hz on ${rate.cpus} CPUs${measured}, CPUs ${percent(cpuBusy)} busy`,
    `${samples.kept} samples kept of ${samples.seen} seen, ${samples.idle} idle, ${samples.filtered} filtered out, ${samples.incompleteStacks} with an incomplete stack`,
    ...(lost.length === 0 ? ['nothing lost'] : lost.map(([cause, count]) => `lost ${count}: ${describeLoss(cause)}`)),
    ...(gapSeconds >= MIN_GAP_S ? [`no data for ${gapSeconds.toFixed(1)} s in between`] : []),
    ...(samples.mergedWindows > 0
      ? [
          `${samples.mergedWindows} windows merged because the link or the device was busy: times are coarser, counts exact`,
        ]
      : []),
  ];
}

function functions({ hottest }: Summary): string[] {
  if (hottest.length === 0) return [];
  return [
    '',
    '  self  total  function',
    ...hottest.map(({ name, module, selfShare, totalShare }) => row(selfShare, percent(totalShare), cut(name), module)),
  ];
}

function processes({ processes }: Summary): string[] {
  if (processes.length === 0) return [];
  const shown = processes.slice(0, MAX_PROCESSES);
  const rest = processes.length - shown.length;
  return [
    '',
    ' share         process',
    ...shown.map(({ comm, pid, container, share }) => row(share, '', `${comm} (${pid})`, container)),
    ...(rest > 0 ? [`               and ${rest} more`] : []),
  ];
}

function row(share: number, second: string, name: string, place: string): string {
  return `${percent(share).padStart(6)} ${second.padStart(6)}  ${place ? `${name}  ${place}` : name}`;
}

function cost({ ownCost }: Summary): string[] {
  if (!ownCost) return [];
  const { cpuPercent, residentBytes, kernelMapBytes, sentBytesPerSecond } = ownCost;
  return [
    '',
    `observing took ${cpuPercent.toFixed(1)} % of one CPU, ${(residentBytes / MIB).toFixed(0)} MiB and ${(kernelMapBytes / MIB).toFixed(0)} MiB in the kernel, ${(sentBytesPerSecond / 1000).toFixed(1)} kB/s`,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function cut(name: string): string {
  return name.length <= NAME_WIDTH ? name : `${name.slice(0, NAME_WIDTH - 1)}…`;
}
