/**
 * pprof's profile.proto, compressed. Addresses are file offsets (mappings start at 0), so that with a build-id any
 * symbolizer finds its way; names that are known are in already.
 */
import { gzipSync } from 'node:zlib';
import { Function, Label, Line, Location, Mapping, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import type { ThreadDef } from '../../../remote-agent/protocol/index.ts';
import type { CollectedProfile, Entry } from './collect-profile.ts';
import type { ProfileExporter } from '../exporters.ts';
import { factLines } from './facts.ts';
import { functionName } from './function-name.ts';
import type { Tables } from '../tables.ts';

const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1_000_000n;

export const pprof: ProfileExporter = {
  of: 'profile',
  format: 'pprof',
  title: 'pprof',
  extension: '.pb.gz',
  isBinary: true,
  pieces,
};

function* pieces(profile: CollectedProfile): Generator<Uint8Array, void, void> {
  const strings = new StringTable();
  const value = (type: string, unit: string): ValueType =>
    new ValueType({ type: strings.dedup(type), unit: strings.dedup(unit) });
  const code = new Code(profile.tables, strings);
  const sample: Sample[] = [];
  for (const entry of profile.entries) sample.push(sampleOf(entry, profile.tables, code, strings));
  yield gzipSync(
    new Profile({
      sampleType: [value('samples', 'count'), value('cpu', 'nanoseconds')],
      sample,
      mapping: code.mappings(),
      location: code.locations,
      function: code.functions,
      stringTable: strings,
      timeNanos: BigInt(Math.round(profile.realtimeMs ?? 0)) * NS_PER_MS,
      durationNanos: Math.round(profile.coveredNs),
      periodType: value('cpu', 'nanoseconds'),
      period: Math.round(NS_PER_SECOND / profile.hz),
      comment: factLines(profile).map((line) => strings.dedup(line)),
      defaultSampleType: strings.dedup('cpu'),
    }).encode(),
  );
}

function sampleOf(entry: Entry, tables: Tables, code: Code, strings: StringTable): Sample {
  return new Sample({
    locationId: tables.leafToRoot(entry.stack).map((frame) => code.location(frame)),
    value: [entry.samples, Math.round(entry.cpuNs)],
    label: labelsOf(tables.threads[entry.thread], tables, strings),
  });
}

function labelsOf(thread: ThreadDef | undefined, tables: Tables, strings: StringTable): Label[] {
  const process = thread && tables.processes[thread.process];
  const text = (key: string, word: string): Label => new Label({ key: strings.dedup(key), str: strings.dedup(word) });
  const number = (key: string, num: number): Label => new Label({ key: strings.dedup(key), num });
  const labels: Label[] = [];
  if (process) labels.push(text('process', process.comm), number('pid', process.pid));
  if (thread) labels.push(text('thread', thread.comm), number('tid', thread.tid));
  if (process?.container) labels.push(text('container', process.container));
  if (process?.unit) labels.push(text('unit', process.unit));
  return labels;
}

/** Modules, addresses and functions that samples refer to; ids are dense from 1. */
class Code {
  readonly locations: Location[] = [];
  readonly functions: Function[] = [];
  private readonly tables: Tables;
  private readonly strings: StringTable;
  private readonly locationIds = new Map<number, number>();
  private readonly functionIds = new Map<string, number>();
  /** Highest offset seen in each module; ids in the order of the map. */
  private readonly modules = new Map<number, { readonly id: number; end: number }>();

  constructor(tables: Tables, strings: StringTable) {
    this.tables = tables;
    this.strings = strings;
  }

  location(frameId: number): number {
    const known = this.locationIds.get(frameId);
    if (known !== undefined) return known;
    const frame = this.tables.frames[frameId];
    const line = frame?.name ? [new Line({ functionId: this.function(frameId) })] : [];
    const id = this.locations.length + 1;
    this.locations.push(
      new Location({
        id,
        mappingId: this.mapping(frame?.module ?? 0, frame?.offset ?? 0),
        address: frame?.offset ?? 0,
        line,
      }),
    );
    this.locationIds.set(frameId, id);
    return id;
  }

  mappings(): Mapping[] {
    return [...this.modules].map(([moduleId, { id, end }]) => {
      const module = this.tables.modules[moduleId];
      return new Mapping({
        id,
        memoryStart: 0,
        memoryLimit: end,
        fileOffset: 0,
        filename: this.strings.dedup(module?.path || `[${module?.kind ?? 'unknown'}]`),
        buildId: this.strings.dedup(module?.buildId ?? ''),
        hasFunctions: true, // otherwise go tool pprof looks for symbols of its own machine
      });
    });
  }

  private mapping(moduleId: number, offset: number): number {
    const known = this.modules.get(moduleId);
    const module = known ?? { id: this.modules.size + 1, end: 0 };
    if (!known) this.modules.set(moduleId, module);
    module.end = Math.max(module.end, offset + 1);
    return module.id;
  }

  private function(frameId: number): number {
    const frame = this.tables.frames[frameId];
    const module = this.tables.moduleOf(frameId);
    const name = functionName(frame, module);
    const key = `${frame?.module ?? 0}\0${name}`;
    const known = this.functionIds.get(key);
    if (known !== undefined) return known;
    const id = this.functions.length + 1;
    const systemName = this.strings.dedup(frame?.name ?? '');
    this.functions.push(
      new Function({
        id,
        name: this.strings.dedup(name),
        systemName,
        filename: this.strings.dedup(module?.path ?? ''),
      }),
    );
    this.functionIds.set(key, id);
    return id;
  }
}
