/** Reads one recording from front to back: Signals in the order they were recorded, and what is missing. */
import { MCAP_MAGIC, Opcode } from '@mcap/core';
import type { Fault, Mark, Signal, Stretch } from '../../remote-agent/protocol/index.ts';
import { BlockReader } from './block-reader.ts';
import { type ChunkSink, readChunk, readRecord } from './chunk.ts';
import { loadCodecs } from './compression.ts';
import { Damage } from './damage.ts';
import { fileFault } from './file-fault.ts';
import { readMarks } from './marks.ts';
import { readInfo, type RecordingInfo } from './info.ts';
import { RANGE_LIMITS, type RangeLimits } from './range-plan.ts';
import { RangeReader, runsWithin } from './range-reader.ts';
import { RecordDecoder, type RecordTaker } from './record-decoder.ts';
import { type Step, walk } from './walk.ts';

export interface RecordingReader {
  readonly info: RecordingInfo;
  /** 0..1: how much of the file the signals so far came from. */
  readonly progress: number;
  /** What is missing, as far as was read; null while nothing is. Settled once `batches` or `signals` has ended. */
  readonly warning: Fault | null;
  /** In the order they were recorded; a device signal first. From the beginning with each call; one at a time. */
  signals(): AsyncGenerator<Signal, void, void>;
  /**
   * The same, a chunk at a time: about a second of the recording, or a minute. `range`: other windows may be left out; those
   * of a file in order are then not read.
   */
  batches(range?: Stretch | null): AsyncGenerator<readonly Signal[], void, void>;
  marks(): Promise<readonly Mark[]>;
  /** null where the file is not in order: `tidyRecording` makes it so. */
  ranges(limits?: RangeLimits): Promise<RangeReader | null>;
  close(): Promise<void>;
}

/** Raises `file-io` or `bad-recording`. A file that is damaged, cut short or still being written opens. */
export function openRecording(path: string): Promise<RecordingReader> {
  return openReader(path);
}

export async function openReader(path: string): Promise<Reader> {
  await loadCodecs();
  let file: BlockReader;
  try {
    file = await BlockReader.open(path);
  } catch (error) {
    throw fileFault('cannot open', path, error);
  }
  try {
    return new Reader(file, await readInfo(file, path));
  } catch (error) {
    await file.close();
    throw error;
  }
}

const RECORD_HEAD = 9;
/** Sonde keeps messages in chunks; other tools may take them out. */
const READ_OPCODES: ReadonlySet<number> = new Set([Opcode.CHANNEL, Opcode.MESSAGE, Opcode.SCHEMA]);

export class Reader implements RecordingReader {
  readonly info: RecordingInfo;
  progress = 0;
  readonly file: BlockReader;
  damage = new Damage();

  constructor(file: BlockReader, info: RecordingInfo) {
    this.file = file;
    this.info = info;
    this.damage = this.freshDamage();
  }

  get warning(): Fault | null {
    return this.damage.fault(this.info.file);
  }

  async *signals(): AsyncGenerator<Signal, void, void> {
    for await (const batch of this.batches()) yield* batch;
  }

  async *batches(range: Stretch | null = null): AsyncGenerator<readonly Signal[], void, void> {
    const runs = range && this.info.tidied ? await runsWithin(this.file, range) : [];
    if (!range || runs.length === 0) return yield* this.read();
    this.damage = this.freshDamage();
    for (const [i, run] of runs.entries()) {
      yield run.takeTables();
      for await (const { signals, trouble } of run.parts(range)) {
        if (trouble !== null) this.damage.addPlace(trouble);
        yield signals;
      }
      this.progress = (i + 1) / runs.length;
    }
  }

  /** Gets each record itself, before the Signals of its chunk are given. Of one reading: the damage so far is of that. */
  decoder(onRecord: RecordTaker | null = null): RecordDecoder {
    this.damage = this.freshDamage();
    return new RecordDecoder(this.info.hostname, this.damage, this.info.tidied, onRecord);
  }

  /** From front to back, or from a record on. */
  async *read(decoder = this.decoder(), from = MCAP_MAGIC.length): AsyncGenerator<readonly Signal[], void, void> {
    const holes = new HoleMeter();
    for await (const step of walk(this.file, from)) {
      const trouble = await this.feed(step, decoder);
      if (trouble !== null) this.damage.addPlace(trouble);
      this.damage.lostNs += holes.pass(step, trouble === null);
      this.progress = progressOf(step, this.file.length);
      const batch = decoder.take();
      if (batch.length > 0) yield batch;
      if (this.damage.stopped !== null) break;
    }
    const rest = decoder.finish();
    if (rest.length > 0) yield rest;
  }

  ranges(limits = RANGE_LIMITS): Promise<RangeReader | null> {
    return this.info.tidied ? RangeReader.open(this.file, limits) : Promise.resolve(null);
  }

  marks(): Promise<readonly Mark[]> {
    return readMarks(this.file);
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private freshDamage(): Damage {
    const damage = new Damage();
    damage.formatVersion = this.info.formatVersion;
    // It was put in order without an end: that much is still to be said.
    if (this.info.tidied && !this.info.complete) damage.cutBytes = 0;
    return damage;
  }

  /** What is wrong with this part of the file, or null. */
  private async feed(step: Step, decoder: RecordDecoder): Promise<string | null> {
    switch (step.kind) {
      case 'chunk': {
        decoder.beginRecord(step.offset - RECORD_HEAD);
        const content = await this.file.read(step.offset, step.length);
        return readChunk(step.head, content.slice(step.head.headLength), decoder);
      }
      case 'record':
        if (!READ_OPCODES.has(step.opcode)) return null;
        decoder.beginRecord(step.offset - RECORD_HEAD);
        return readWhole(step.opcode, (await this.file.read(step.offset, step.length)).slice(), decoder);
      case 'damage':
        return `bytes ${step.from} to ${step.to} cannot be understood`;
      case 'cut':
        this.damage.cutBytes = this.file.length - step.from;
        return null;
      case 'end':
        return null;
    }
  }
}

function readWhole(opcode: number, content: Uint8Array, sink: ChunkSink): string | null {
  try {
    readRecord(opcode, content, sink);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return `record ${opcode} does not hold together`;
    throw error;
  }
}

function progressOf(step: Step, length: number): number {
  return step.kind === 'chunk' || step.kind === 'record' ? (step.offset + step.length) / length : 1;
}

/** How long the holes are: from the last good chunk before damage to the first one after it. */
class HoleMeter {
  private lastNs: bigint | null = null;
  private inHole = false;

  /** Nanoseconds that this step proves lost. */
  pass(step: Step, good: boolean): number {
    if (step.kind === 'damage') this.inHole = true;
    if (step.kind !== 'chunk') return 0;
    const { firstNs, lastNs } = step.head;
    const until = good ? firstNs : lastNs;
    const lost = (this.inHole || !good) && this.lastNs !== null ? Number(until - this.lastNs) : 0;
    this.inHole = false;
    this.lastNs = lastNs;
    return Math.max(0, lost);
  }
}
