/** What stands out in a recording, in sentences: what is missing first, then what cost most. Nothing is guessed. */
import { describeLoss } from '../../../remote-agent/protocol/index.ts';
import type { Finding, Lead } from '../../bridge/contract.ts';
import { allCallsLead, callLead, dnsLead, dropLead, eventLead, flowLead, functionLead, processLead } from './leads.ts';
import { bytesText, countText, cut, durationText, numberText } from './summary-words.ts';
import type { Summary } from './summary.ts';

/** A share below this is no finding. */
const NOTABLE = 0.05;
const NOTABLE_RETRANSMITS = 0.01;
const MIN_GAP_S = 1;
/** Nobody waits for less. */
const NOTABLE_CALL_NS = 1e9;

export function findings(summary: Summary): Finding[] {
  return [...missing(summary), ...cpu(summary), ...calls(summary), ...slow(summary), ...network(summary)];
}

/** What is lost or was not watched, in words; nothing where nothing is. */
export function losses({ samples, calls, slow, flows, dns, drops, gapSeconds }: Summary): string[] {
  const parts = [
    { what: 'samples', lost: samples.lost },
    { what: 'system calls', lost: calls?.lost ?? {} },
    { what: 'single calls', lost: slow?.lost ?? {} },
    { what: 'network events', lost: flows?.lost ?? {} },
    { what: 'DNS messages', lost: dns?.lost ?? {} },
    { what: 'drop events', lost: drops?.lost ?? {} },
  ];
  const lost = parts.flatMap(({ what, lost: causes }) =>
    Object.entries(causes).map(([cause, count]) => `${countText(count)} ${what} were lost: ${describeLoss(cause)}.`),
  );
  return gapSeconds >= MIN_GAP_S ? [...lost, `For ${gapSeconds.toFixed(1)} s there is no data.`] : lost;
}

function missing(summary: Summary): Finding[] {
  return losses(summary).map((text) => ({ text, isTrouble: true, lead: null }));
}

function cpu({ cpuBusy, seconds, hottest, processes }: Summary): Finding[] {
  if (seconds === 0) return [];
  const [process] = processes;
  const [fn] = hottest;
  return [
    finding(`The CPUs were ${percent(cpuBusy)} busy.`, null),
    ...(process && process.share >= NOTABLE
      ? [
          finding(
            `${process.comm} (${process.pid}) took ${percent(process.share)} of the CPU time that was sampled.`,
            processLead(process.pid),
          ),
        ]
      : []),
    ...(fn && fn.selfShare >= NOTABLE
      ? [finding(`${cut(fn.name)} itself took ${percent(fn.selfShare)} of it.`, functionLead(fn.name))]
      : []),
  ];
}

function calls({ calls: of }: Summary): Finding[] {
  if (!of || of.perSecond === null) return [];
  const [most] = of.top;
  const [error] = of.topErrors;
  const slowest = of.top.toSorted((a, b) => b.totalSeconds - a.totalSeconds)[0];
  return [
    finding(
      `${numberText(of.perSecond)} system calls a second, ${of.kept === 0 ? '0 %' : percent(of.errors / of.kept)} of them failed.`,
      allCallsLead(),
    ),
    ...(most
      ? [
          finding(
            `Most frequent: ${most.call} of ${most.comm} (${most.pid}), ${countText(most.count)} times.`,
            callLead('calls', most.call, most.pid),
          ),
        ]
      : []),
    ...(error
      ? [
          finding(
            `Most frequent error: ${error.call} of ${error.comm} (${error.pid}) gave ${error.errno} ${countText(error.count)} times.`,
            callLead('errors', error.call, error.pid),
          ),
        ]
      : []),
    ...(slowest && slowest.p99Ns !== null
      ? [
          finding(
            `Of the frequent calls, ${slowest.call} of ${slowest.comm} (${slowest.pid}) took longest: ${durationText(slowest.totalSeconds * 1e9)} in all, 99 % within ${durationText(slowest.p99Ns)}.`,
            callLead('calls', slowest.call, slowest.pid),
          ),
        ]
      : []),
  ];
}

function slow({ slow: of }: Summary): Finding[] {
  const [longest] = of?.longest ?? [];
  if (!longest || longest.durationNs < NOTABLE_CALL_NS) return [];
  const { text, comm, pid, durationNs, inProgress } = longest;
  const took = inProgress ? 'has not returned after' : 'took';
  return [finding(`${cut(text)} of ${comm} (${pid}) ${took} ${durationText(durationNs)}.`, eventLead(pid))];
}

function network(summary: Summary): Finding[] {
  return [...flows(summary), ...dns(summary), ...drops(summary)];
}

function flows({ flows: of }: Summary): Finding[] {
  if (!of) return [];
  const [most] = of.top;
  const share = of.sentPackets > 0 ? of.retransmits / of.sentPackets : 0;
  const [worst] = of.mostRetransmitting;
  return [
    finding(
      `${countText(of.flows)} network flows carried ${bytesText(of.sentBytes)} out and ${bytesText(of.receivedBytes)} in.`,
      flowLead(''),
    ),
    ...(most
      ? [
          finding(
            `Most of it: ${most.comm || 'unknown'} with ${most.remoteName || most.remote}, ${bytesText(most.sentBytes + most.receivedBytes)}.`,
            flowLead(most.filter, most.pid),
          ),
        ]
      : []),
    ...(share >= NOTABLE_RETRANSMITS
      ? [finding(`${percent(share)} of the packets had to be sent again.`, flowLead('retrans:>0'), true)]
      : []),
    ...(worst && share >= NOTABLE_RETRANSMITS
      ? [
          finding(
            `Most of them: ${worst.comm || 'unknown'} with ${worst.remoteName || worst.remote}, ${countText(worst.retransmits)}.`,
            flowLead(worst.filter, worst.pid),
          ),
        ]
      : []),
    ...(of.failedConnects > 0
      ? [
          finding(
            `${countText(of.failedConnects)} ${of.failedConnects === 1 ? 'connection' : 'connections'} could not be made.`,
            flowLead('error:any'),
            true,
          ),
        ]
      : []),
  ];
}

function dns({ dns: of }: Summary): Finding[] {
  const unanswered = of?.outcomes['no-answer'] ?? 0;
  const failed = of?.outcomes['failed'] ?? 0;
  if (unanswered + failed === 0) return [];
  return [
    finding(
      `DNS: ${countText(unanswered)} questions got no answer, ${countText(failed)} got an error.`,
      dnsLead(),
      unanswered > 0,
    ),
  ];
}

function drops({ drops: of }: Summary): Finding[] {
  const [most] = of?.top ?? [];
  if (!most) return [];
  return [
    finding(
      `Packets were dropped, most of them by ${most.place}: ${countText(most.packets)}, ${cut(most.cause)}.`,
      dropLead(),
    ),
  ];
}

function finding(text: string, lead: Lead | null, isTrouble = false): Finding {
  return { text, isTrouble, lead };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
