/** A summary in words, for terminals. */
import { callLines } from '../calls/call-summary-text.ts';
import { dnsLines } from '../dns/dns-summary.ts';
import { dropLines } from '../drops/drop-summary.ts';
import { flowLines } from '../flows/flow-summary.ts';
import { slowLines } from '../slow/slow-summary.ts';
import { completeness, cut } from './summary-words.ts';
import type { Summary } from './summary.ts';

const MAX_PROCESSES = 10;
const MIB = 1 << 20;

/** Lines without control characters: names come from a device, but were made safe at the door. */
export function summaryText(summary: Summary): string {
  const { calls, slow, flows, dns, drops, seconds, samples } = summary;
  const others = [
    ...(calls ? [callLines(calls)] : []),
    ...(slow ? [slowLines(slow)] : []),
    ...(flows ? [flowLines(flows)] : []),
    ...(dns ? [dnsLines(dns)] : []),
    ...(drops ? [dropLines(drops)] : []),
  ];
  const hasProfile = others.length === 0 || seconds > 0 || samples.seen > 0;
  const profile = hasProfile ? [[...head(summary), ...functions(summary), ...processes(summary)]] : [];
  const parts = [...profile, ...others].flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
  return [...device(summary), ...parts, ...cost(summary)].join('\n');
}

function device({ device: { hostname, os, kernel, machine, onlineCpus } }: Summary): string[] {
  return [
    `${hostname || 'unknown device'}: ${os || 'unknown system'}, kernel ${kernel || '?'}, ${machine || '?'}, ${onlineCpus} CPUs`,
  ];
}

function head({ seconds, gapSeconds, samples, rate, cpuBusy }: Summary): string[] {
  const measured = rate.measuredHz === null ? '' : `, ${rate.measuredHz.toFixed(1)} Hz measured`;
  return [
    `${seconds.toFixed(1)} s, ${rate.askedHz} Hz on ${rate.cpus} CPUs${measured}, CPUs ${percent(cpuBusy)} busy`,
    `${samples.kept} samples kept of ${samples.seen} seen, ${samples.idle} idle, ${samples.filtered} filtered out, ${samples.incompleteStacks} with an incomplete stack`,
    ...completeness({ ...samples, gapSeconds }),
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
