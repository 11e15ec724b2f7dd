/**
 * The processed profile of the Firefox Profiler (docs-developer/CHANGELOG-formats.md there): a thread of ours is a thread
 * of theirs. Version 49 is the last whose threads stand alone; the profiler itself brings it up to date.
 */
import { gzipSync } from 'node:zlib';
import type { RecordingExporter } from '../exporters.ts';
import { collect } from '../collect.ts';
import { PROFILE_PROBE } from '../profile/collect-profile.ts';
import { factLines } from '../profile/facts.ts';
import { SONDE_VERSION } from '../../../remote-agent/protocol/index.ts';
import { StackTree } from './function-table.ts';
import { type Run, TimedCollector, type TimedProfile } from './timed-samples.ts';

export const firefox: RecordingExporter = {
  of: 'recording',
  format: 'firefox',
  title: 'Firefox Profiler, for profiler.firefox.com',
  extension: '.firefox.json.gz',
  isBinary: true,
  needs: PROFILE_PROBE,
  async open(batches, options) {
    const profile = await collect(batches(), options, (about) => new TimedCollector(about, options.filter));
    const { entries } = profile;
    const samples = entries.reduce((sum, entry) => sum + entry.samples, 0);
    return { pieces: pieces(profile), counts: { samples, threads: profile.runs.size } };
  },
};

const VERSION = 49;
const NS_PER_MS = 1e6;
const CATEGORIES = [
  { name: 'User', color: 'yellow', subcategories: ['Other'] },
  { name: 'Kernel', color: 'orange', subcategories: ['Other'] },
];

function* pieces(profile: TimedProfile): Generator<Uint8Array, void, void> {
  const threads = [...profile.runs]
    .map(([thread, runs]) => ({ thread, runs, samples: runs.reduce((sum, run) => sum + run.samples, 0) }))
    .toSorted((a, b) => b.samples - a.samples);
  const whole = {
    meta: metaOf(profile),
    libs: [],
    pages: [],
    counters: [],
    threads: threads.map(({ thread, runs }) => threadOf(profile, thread, runs)),
  };
  yield gzipSync(JSON.stringify(whole));
}

function metaOf(profile: TimedProfile) {
  const { device, hz, fromNs, toNs, realtimeMs } = profile;
  return {
    version: 29,
    preprocessedProfileVersion: VERSION,
    product: device?.hostname || 'recording',
    interval: 1000 / hz,
    startTime: realtimeMs ?? 0,
    profilingStartTime: 0,
    profilingEndTime: (toNs - fromNs) / NS_PER_MS,
    processType: 0,
    stackwalk: 1,
    debug: false,
    categories: CATEGORIES,
    markerSchema: [],
    extensions: { length: 0, baseURL: [], id: [], name: [] },
    sampleUnits: { time: 'ms', eventDelay: 'ms', threadCPUDelta: 'ns' },
    importedFrom: `Sonde ${SONDE_VERSION}`,
    oscpu: `${device?.osName ?? ''} ${device?.kernelRelease ?? ''}`.trim(),
    CPUName: device?.cpuModel ?? '',
    logicalCPUs: device?.onlineCpus ?? 0,
    symbolicated: true,
    usesOnlyOneStackType: true,
    doesNotUseFrameImplementation: true,
    sourceCodeIsNotOnSearchfox: true,
    extra: [{ label: 'Sonde', entries: factLines(profile).map((line) => factEntry(line)) }],
  };
}

/** "lost: none" → a labelled line. */
function factEntry(line: string): { label: string; format: 'string'; value: string } {
  const at = line.indexOf(': ');
  return { label: line.slice(0, at), format: 'string', value: line.slice(at + 2) };
}

function threadOf(profile: TimedProfile, id: number, runs: readonly Run[]) {
  const { tables } = profile;
  const thread = tables.threads[id];
  const process = tables.processOf(id);
  const strings = new Strings();
  const tree = new StackTree(profile);
  const samples = samplesOf(profile, runs, tree);
  return {
    name: thread?.comm ?? '?',
    processName: process?.comm ?? '?',
    processType: 'default',
    isMainThread: thread !== undefined && thread.tid === process?.pid,
    pid: String(process?.pid ?? 0),
    tid: thread?.tid ?? 0,
    processStartupTime: 0,
    processShutdownTime: null,
    registerTime: 0,
    unregisterTime: null,
    pausedRanges: [],
    markers: { length: 0, category: [], data: [], endTime: [], name: [], phase: [], startTime: [] },
    samples,
    ...codeOf(tree, strings),
    nativeSymbols: { length: 0, address: [], functionSize: [], libIndex: [], name: [] },
    stringArray: strings.all,
  };
}

/** A run is one sample that weighs as many: at its middle, because its edges are only known to the window. */
function samplesOf({ fromNs, hz }: TimedProfile, runs: readonly Run[], tree: StackTree) {
  const samples = { length: runs.length, stack: [] as number[], time: [] as number[], weight: [] as number[] };
  const threadCPUDelta: number[] = [];
  for (const run of runs) {
    samples.stack.push(tree.nodeOf(run.stack));
    samples.time.push((Math.round(((run.fromNs + run.toNs) / 2 - fromNs) / 1000) * 1000) / NS_PER_MS);
    samples.weight.push(run.samples);
    threadCPUDelta.push(Math.round((run.samples * 1e9) / hz));
  }
  return { ...samples, weightType: 'samples', threadCPUDelta };
}

/** A function is a frame is a function: lines and addresses inside of them are not recorded. */
function codeOf({ nodes, functions: { all } }: StackTree, strings: Strings) {
  const files = [...new Set(all.map(({ file }) => file))].filter((file) => file !== '');
  const resources = new Map(files.map((file, at) => [file, at]));
  const categories = all.map(({ file }) => (file === '[kernel]' || /^\[.*\]$/.test(file) ? 1 : 0));
  const none = all.map(() => null);
  return {
    stackTable: {
      length: nodes.length,
      prefix: nodes.map(({ parent }) => (parent < 0 ? null : parent)),
      frame: nodes.map(({ fn }) => fn),
      category: nodes.map(({ fn }) => categories[fn] ?? 0),
      subcategory: nodes.map(() => 0),
    },
    frameTable: {
      length: all.length,
      address: all.map(() => -1),
      inlineDepth: all.map(() => 0),
      category: categories,
      subcategory: all.map(() => 0),
      func: all.map((_, at) => at),
      nativeSymbol: none,
      innerWindowID: none,
      implementation: none,
      line: none,
      column: none,
    },
    funcTable: {
      length: all.length,
      name: all.map(({ name }) => strings.number(name)),
      isJS: all.map(() => false),
      relevantForJS: all.map(() => false),
      resource: all.map(({ file }) => resources.get(file) ?? -1),
      fileName: none,
      lineNumber: none,
      columnNumber: none,
    },
    resourceTable: {
      length: files.length,
      lib: files.map(() => null),
      name: files.map((file) => strings.number(file)),
      host: files.map(() => null),
      type: files.map(() => 1),
    },
  };
}

class Strings {
  readonly all: string[] = [];
  private readonly numbers = new Map<string, number>();

  number(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.all.push(text) - 1;
      this.numbers.set(text, number);
    }
    return number;
  }
}
