/** A recording, or ranges of it, on one page: what the window shows of it as Summary. */
import { findProbe, type Signal, type Stretch } from '../../../remote-agent/protocol/index.ts';
import type { Fact, Finding, ProbeAmount, ProbeRun, RecordingSummary } from '../../bridge/contract.ts';
import { type RecordingReader, UntrueIndex } from '../../recording/index.ts';
import type { About } from '../about.ts';
import type { Batches, Collector } from '../batches.ts';
import { CALLS_PROBE } from '../calls/collect-calls.ts';
import { collect, recordingCollector } from '../collect.ts';
import { DNS_PROBE } from '../dns/dns-book.ts';
import { DROPS_PROBE } from '../drops/collect-drops.ts';
import { inRange, type ProfileFilter, within } from '../filter.ts';
import { FLOWS_PROBE } from '../flows/flow-sum.ts';
import { PROFILE_PROBE } from '../profile/collect-profile.ts';
import { SLOW_CALLS_PROBE } from '../slow/slow-calls.ts';
import { DeviceClock } from './device-clock.ts';
import { findings, losses } from './findings.ts';
import { ProbeRuns } from './probe-runs.ts';
import { bytesText } from './summary-words.ts';
import { type Summary, summarize } from './summary.ts';
import { SUM_LIMITS, type SumLimits, sumsOf } from './sums.ts';
import { topLists } from './top-lists.ts';

export interface OverviewOptions {
  /** None: all of it. */
  readonly ranges: readonly Stretch[];
  readonly stop?: AbortSignal;
  /** 0..1, now and then. */
  readonly onProgress?: (progress: number) => void;
  readonly sums?: SumLimits;
}

export async function overview(reader: RecordingReader, options: OverviewOptions): Promise<RecordingSummary> {
  const sums = await sumsOf(reader, options.ranges, options.sums ?? SUM_LIMITS);
  if (!sums) return read(reader.batches(hullOf(options.ranges)), reader, options, 0);
  try {
    return await read(sums.signals, reader, options, sums.stepNs);
  } catch (error) {
    if (!(error instanceof UntrueIndex)) throw error;
    return read(reader.batches(hullOf(options.ranges)), reader, options, 0);
  }
}

function read(
  batches: Batches,
  reader: RecordingReader,
  { ranges, stop, onProgress }: OverviewOptions,
  stepNs: number,
): Promise<RecordingSummary> {
  const filter = within(ranges);
  async function* told(): Batches {
    for await (const batch of batches) {
      onProgress?.(reader.progress);
      yield batch;
    }
  }
  return collect(told(), { filter, stop }, (about) => new Overview(about, filter, reader.info, stepNs));
}

/** What is read of a recording in order: from the first range to the last. */
function hullOf(ranges: readonly Stretch[]): Stretch | null {
  const [first] = ranges;
  const last = ranges.at(-1);
  return first && last ? { fromNs: first.fromNs, toNs: last.toNs } : null;
}

type Info = RecordingReader['info'];

class Overview implements Collector<RecordingSummary> {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly info: Info;
  private readonly stepNs: number;
  private readonly recording: ReturnType<typeof recordingCollector>;
  private readonly runs = new ProbeRuns();
  private readonly clock = new DeviceClock();
  private fromNs: number | null = null;
  private toNs = 0;

  constructor(about: About, filter: ProfileFilter, info: Info, stepNs: number) {
    this.about = about;
    this.filter = filter;
    this.info = info;
    this.stepNs = stepNs;
    this.recording = recordingCollector(about, filter);
  }

  take(signal: Signal): void {
    this.recording.take(signal);
    this.runs.take(signal);
    this.clock.take(signal);
    if (signal.kind !== 'window' || !inRange(signal, this.filter)) return;
    this.fromNs ??= signal.fromNs;
    this.toNs = Math.max(this.toNs, signal.toNs);
  }

  finish(): RecordingSummary {
    const { info, fromNs, toNs } = this;
    const summary = summarize(this.recording.finish());
    const runs = this.runs.finish().filter((run) => touches(run, this.filter));
    const { bytes, seconds, complete, sondeVersion, formatVersion, destination } = info;
    return {
      file: { bytes, seconds, complete, sondeVersion, formatVersion, destination },
      span: fromNs === null ? null : { fromNs, toNs },
      stepNs: this.stepNs,
      findings: [...failures(runs), ...findings(summary)],
      device: this.deviceFacts(summary),
      runs,
      amounts: amounts(summary),
      losses: losses(summary),
      cost: costFacts(summary),
      lists: topLists(summary),
    };
  }

  private deviceFacts({ device: of }: Summary): Fact[] {
    const { device } = this.about;
    return facts([
      ['Host', of.hostname],
      ['System', of.os],
      [
        'Kernel',
        [of.kernel, of.machine, device && (device.hasBtf ? 'with BTF' : 'without BTF')].filter(Boolean).join(', '),
      ],
      ['Hardware', of.hardware],
      ['Processor', of.onlineCpus === 0 ? '' : [of.cpu, cpusText(of.onlineCpus)].filter(Boolean).join(', ')],
      ['Memory', of.memoryBytes === 0 ? '' : bytesText(of.memoryBytes)],
      ['Its clock', this.clock.text(this.info.clock)],
      [
        'Agent',
        [device?.agentVersion, device?.nodeVersion && `Node.js ${device.nodeVersion}`].filter(Boolean).join(', '),
      ],
    ]);
  }
}

/** A probe that failed at once has no length: it still belongs to the moment. */
function touches({ fromNs, toNs }: Stretch, filter: ProfileFilter): boolean {
  return inRange({ fromNs, toNs: Math.max(toNs, fromNs + 1) }, filter);
}

function failures(runs: readonly ProbeRun[]): Finding[] {
  return runs.flatMap(({ probe, failed, end }) =>
    failed ? [{ text: `${findProbe(probe)?.title ?? probe} did not run: ${end}.`, isTrouble: true, lead: null }] : [],
  );
}

function amounts({ seconds, samples, calls, slow, flows, dns, drops }: Summary): ProbeAmount[] {
  const profile = seconds > 0 || samples.seen > 0 ? { ...samples, seconds } : null;
  const all = [
    { probe: PROFILE_PROBE, unit: 'samples', of: profile },
    { probe: CALLS_PROBE, unit: 'calls', of: calls },
    { probe: SLOW_CALLS_PROBE, unit: 'calls', of: slow },
    { probe: FLOWS_PROBE, unit: 'packets', of: flows },
    { probe: DNS_PROBE, unit: 'messages', of: dns },
    { probe: DROPS_PROBE, unit: 'packets', of: drops && { ...drops, filtered: 0 } },
  ];
  return all.flatMap(({ probe, unit, of }) => {
    if (!of) return [];
    const lost = Object.values(of.lost).reduce((sum, count) => sum + count, 0);
    return [{ probe, unit, seconds: of.seconds, seen: of.seen, kept: of.kept, filtered: of.filtered, lost }];
  });
}

function costFacts({ ownCost }: Summary): Fact[] {
  if (!ownCost) return [];
  const { cpuPercent, agentCpuPercent, loaderCpuPercent, bpfCpuPercent } = ownCost;
  const part = (value: number): string => `${value.toFixed(1)} %`;
  return facts([
    ['CPU', `${part(cpuPercent)} of one CPU`],
    [
      'of that',
      `agent ${part(agentCpuPercent)}, loader ${part(loaderCpuPercent)}, in the kernel ${part(bpfCpuPercent)}`,
    ],
    ['Memory', `${bytesText(ownCost.residentBytes)}, and ${bytesText(ownCost.kernelMapBytes)} in the kernel`],
    ['Sent', `${bytesText(ownCost.sentBytesPerSecond)}/s`],
  ]);
}

function facts(all: readonly (readonly [string, string])[]): Fact[] {
  return all.flatMap(([name, text]) => (text === '' ? [] : [{ name, text }]));
}

function cpusText(cpus: number): string {
  return cpus === 1 ? '1 CPU' : `${cpus} CPUs`;
}
