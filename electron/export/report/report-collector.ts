/** One pass over a recording, for everything that a report shows. */
import {
  errnoName,
  findProbe,
  type Mark,
  protocolName,
  type ProcessDef,
  type ProbeSignal,
  type Signal,
  SONDE_VERSION,
  syscallName,
} from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import type { Collector } from '../batches.ts';
import type { CallEntry } from '../calls/call-table.ts';
import { type CollectedRecording, recordingCollector } from '../collect.ts';
import { inRange, type ProfileFilter } from '../filter.ts';
import { flameTree } from '../flame/flame-tree.ts';
import { type FlowRow, flowRow } from '../flows/flow-columns.ts';
import { FlowStream } from '../flows/flow-stream.ts';
import type { FlowSum } from '../flows/flow-sum.ts';
import { endText, remoteText } from '../flows/flow-words.ts';
import { findings } from '../summary/findings.ts';
import { summarize } from '../summary/summary.ts';
import { flameColumns } from './flame-columns.ts';
import type { CallLine, FlowLine, ReportData, ReportTable } from './report-data.ts';
import { TrackCollector } from './track-collector.ts';

const NS_PER_SECOND = 1e9;
/** Rows of about 150 bytes. */
const MOST_ROWS = 3000;

export class ReportCollector implements Collector<ReportData> {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly recording: Collector<CollectedRecording>;
  private readonly tracks: TrackCollector;
  private readonly flows: FlowStream;
  private readonly probes: ProbeSignal[] = [];
  private readonly marks: readonly Mark[];
  private largest: FlowSum[] = [];
  private flowCount = 0;
  private fromNs: number | null = null;
  private toNs = 0;

  constructor(about: About, filter: ProfileFilter, marks: readonly Mark[]) {
    this.about = about;
    this.filter = filter;
    this.marks = marks;
    this.recording = recordingCollector(about, filter);
    this.tracks = new TrackCollector(about, filter);
    this.flows = new FlowStream(about, filter, false);
  }

  take(signal: Signal): void {
    this.recording.take(signal);
    this.tracks.take(signal);
    this.keep(this.flows.take(signal));
    if (signal.kind === 'probe') this.probes.push(signal);
    if (signal.kind !== 'window' || !inRange(signal, this.filter)) return;
    this.fromNs ??= signal.fromNs;
    this.toNs = Math.max(this.toNs, signal.toNs);
  }

  finish(): ReportData {
    this.keep(this.flows.finish());
    const { about, toNs } = this;
    const zeroNs = this.fromNs ?? 0;
    const second = (ns: number): number => Math.round((ns - zeroNs) / 1e6) / 1000;
    const recording = this.recording.finish();
    const summary = summarize(recording);
    return {
      sondeVersion: SONDE_VERSION,
      startMs: about.realtimeMs(zeroNs),
      seconds: (toNs - zeroNs) / NS_PER_SECOND,
      summary,
      findings: findings(summary).map(({ text }) => text),
      probes: this.probes.map((signal) => ({
        title: findProbe(signal.probe)?.title ?? signal.probe,
        at: second(signal.atNs),
        what: probeWords(signal),
      })),
      marks: this.marks
        .filter(({ fromNs, toNs: endNs }) => endNs >= zeroNs && fromNs <= toNs)
        .map(({ fromNs, toNs: endNs, text, by }) => ({ from: second(fromNs), to: second(endNs), text, by })),
      tracks: this.tracks.finish(zeroNs),
      flame: flameColumns(flameTree(recording.profile)),
      calls: callTable(recording.calls.entries, about),
      flows: {
        rows: this.largest.map((sum) => flowLine(flowRow(sum, about))),
        leftOut: this.flowCount - this.largest.length,
      },
    };
  }

  private keep(over: readonly FlowSum[]): void {
    if (over.length === 0) return;
    this.flowCount += over.length;
    this.largest = [...this.largest, ...over].toSorted((a, b) => b.bytes - a.bytes).slice(0, MOST_ROWS);
  }
}

function callTable(entries: readonly CallEntry[], { tables }: About): ReportTable<CallLine> {
  const sorted = entries.toSorted((a, b) => b.stats.calls - a.stats.calls);
  const rows = sorted.slice(0, MOST_ROWS).map(({ process, code, stats }) => ({
    call: syscallName(code),
    who: whoText(tables.processes[process]),
    count: stats.calls,
    errors: stats.failed,
    totalNs: Number(stats.totalNs),
    maxNs: stats.longestNs,
    buckets: [...stats.buckets.entries()].filter(([, calls]) => calls > 0).flat(),
  }));
  return { rows, leftOut: sorted.length - rows.length };
}

function flowLine({ sum, who, remoteName }: FlowRow): FlowLine {
  const { def } = sum;
  const errno = sum.of('errno');
  return {
    who: whoText(who),
    protocol: def ? protocolName(def.protocol) : '',
    direction: def?.direction ?? 'unknown',
    state: sum.stateName,
    local: def ? endText(def.localAddress, def.localPort) : '',
    remote: remoteText(def, ''),
    remoteName,
    sent: sum.of('sent'),
    received: sum.of('received'),
    retransmits: sum.of('retransmits'),
    rttNs: sum.of('rtt'),
    errno: errno === 0 ? '' : errnoName(errno),
  };
}

/** As the boxes of the flame graph are called, so that one choice holds for all. */
function whoText(process: ProcessDef | undefined): string {
  return `${process?.comm || '[unknown]'} (${process?.pid ?? '?'})`;
}

function probeWords({ what }: ProbeSignal): string {
  switch (what.kind) {
    case 'started':
      return `started: ${Object.entries(what.options)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')}`;
    case 'stopped':
    case 'restarted':
      return `${what.kind}: ${what.reason}`;
    case 'failed':
      return `failed: ${what.fault.message}`;
  }
}
