/** What stands out in a recording, in sentences: what is missing first, then what cost most. Nothing is guessed. */
import { describeLoss } from '../../../remote-agent/protocol/index.ts';
import { bytesText, countText, cut, durationText, numberText } from './summary-words.ts';
import type { Summary } from './summary.ts';

/** A share below this is no finding. */
const NOTABLE = 0.05;
const NOTABLE_RETRANSMITS = 0.01;
const MIN_GAP_S = 1;

export function findings(summary: Summary): string[] {
  return [...missing(summary), ...cpu(summary), ...calls(summary), ...network(summary)];
}

function missing({ samples, calls, flows, gapSeconds }: Summary): string[] {
  const parts = [
    { what: 'samples', lost: samples.lost },
    { what: 'system calls', lost: calls?.lost ?? {} },
    { what: 'network events', lost: flows?.lost ?? {} },
  ];
  const losses = parts.flatMap(({ what, lost }) =>
    Object.entries(lost).map(([cause, count]) => `${countText(count)} ${what} were lost: ${describeLoss(cause)}.`),
  );
  return gapSeconds >= MIN_GAP_S ? [...losses, `For ${gapSeconds.toFixed(1)} s there is no data.`] : losses;
}

function cpu({ cpuBusy, seconds, hottest, processes }: Summary): string[] {
  if (seconds === 0) return [];
  const [process] = processes;
  const [fn] = hottest;
  return [
    `The CPUs were ${percent(cpuBusy)} busy.`,
    ...(process && process.share >= NOTABLE
      ? [`${process.comm} (${process.pid}) took ${percent(process.share)} of the CPU time that was sampled.`]
      : []),
    ...(fn && fn.selfShare >= NOTABLE ? [`${cut(fn.name)} itself took ${percent(fn.selfShare)} of it.`] : []),
  ];
}

function calls({ calls: of }: Summary): string[] {
  if (!of || of.perSecond === null) return [];
  const [most] = of.top;
  const [error] = of.topErrors;
  const slowest = of.top.toSorted((a, b) => b.totalSeconds - a.totalSeconds)[0];
  return [
    `${numberText(of.perSecond)} system calls a second, ${of.kept === 0 ? '0 %' : percent(of.errors / of.kept)} of them failed.`,
    ...(most ? [`Most frequent: ${most.call} of ${most.comm} (${most.pid}), ${countText(most.count)} times.`] : []),
    ...(error
      ? [
          `Most frequent error: ${error.call} of ${error.comm} (${error.pid}) gave ${error.errno} ${countText(error.count)} times.`,
        ]
      : []),
    ...(slowest && slowest.p99Ns !== null
      ? [
          `Of the frequent calls, ${slowest.call} of ${slowest.comm} (${slowest.pid}) took longest: ${durationText(slowest.totalSeconds * 1e9)} in all, 99 % within ${durationText(slowest.p99Ns)}.`,
        ]
      : []),
  ];
}

function network({ flows }: Summary): string[] {
  if (!flows) return [];
  const [most] = flows.top;
  const share = flows.sentPackets > 0 ? flows.retransmits / flows.sentPackets : 0;
  return [
    `${countText(flows.flows)} network flows carried ${bytesText(flows.sentBytes)} out and ${bytesText(flows.receivedBytes)} in.`,
    ...(most
      ? [
          `Most of it: ${most.comm || 'unknown'} with ${most.remoteName || most.remote}, ${bytesText(most.sentBytes + most.receivedBytes)}.`,
        ]
      : []),
    ...(share >= NOTABLE_RETRANSMITS ? [`${percent(share)} of the packets had to be sent again.`] : []),
    ...(flows.failedConnects > 0
      ? [
          `${countText(flows.failedConnects)} ${flows.failedConnects === 1 ? 'connection' : 'connections'} could not be made.`,
        ]
      : []),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
