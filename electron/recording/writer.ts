/** Writes one recording. Appending costs microseconds and never fails; a chunk goes to disk each second. */
import {
  type AgentFrame,
  type Fault,
  FaultError,
  type Mark,
  marksToJson,
  type RecordKind,
  RECORD_KINDS,
  recordBytes,
  recordKind,
  recordTypeName,
} from '../../remote-agent/protocol/index.ts';
import { loadCodecs } from './compression.ts';
import { fileFault } from './file-fault.ts';
import {
  ABOUT,
  type About,
  CLOCK,
  type ClockAnchor,
  FORMAT_VERSION,
  MARKS,
  MARKS_ENTRY,
  PROFILE,
  SCHEMA_ENCODING,
  TOPICS,
  windowTopic,
} from './format.ts';
import { LogClock } from './log-clock.ts';
import { McapBuilder } from './mcap-builder.ts';
import { createOutputFile, type OutputFile } from './output-file.ts';
import { schemaOf } from './schema.ts';
import { writerMark } from './writer-mark.ts';

/** A killed workstation loses a second at most: this, and what writing takes on a busy one. */
const CHUNK_MS = 800;
/** A chunk is read as a whole: bounds what a reader must hold after a burst of definitions. */
const CHUNK_BYTES = 4 << 20;
/** A disk that hangs must not fill the memory: beyond this the recording ends. */
const MAX_WAITING_BYTES = 64 << 20;
const NS_PER_MS = 1_000_000n;

export interface RecordingOptions {
  /** `[user@]host[:port]` as the user gave it; a password in it is cut out. */
  readonly destination: string;
  /** '' where the device has not said it yet. */
  readonly hostname: string;
  readonly sondeVersion: string;
  /** Once, when the recording cannot go on (disk full …). What is on disk stays and is readable. */
  readonly onFault?: (fault: Fault) => void;
  /** Workstation's clock, ms since 1970. */
  readonly now?: () => number;
  readonly createFile?: (path: string) => Promise<OutputFile>;
}

export interface RecordingWriter {
  readonly file: string;
  /** Written so far. */
  readonly bytes: number;
  /** Why it stopped by itself; null while it works. */
  readonly fault: Fault | null;
  /** A frame that is no record is passed over. Does nothing after `close` or a fault. */
  append(frame: AgentFrame): void;
  /** In the place of those before. */
  setMarks(marks: readonly Mark[]): void;
  /** Resolves when all that was appended would survive this process, or the recording has stopped. Never rejects. */
  flush(): Promise<void>;
  /** Writes index and end. Idempotent, never rejects; `fault` tells. */
  close(): Promise<void>;
}

/** Raises `file-io` where the file cannot be made. Never overwrites. */
export async function createRecording(file: string, options: RecordingOptions): Promise<RecordingWriter> {
  await loadCodecs();
  const { createFile = createOutputFile } = options;
  let output: OutputFile;
  try {
    output = await createFile(file);
  } catch (error) {
    throw fileFault('cannot create recording', file, error);
  }
  const writer = new Writer(file, output, options);
  await writer.begin();
  return writer;
}

class Writer implements RecordingWriter {
  readonly file: string;
  fault: Fault | null = null;
  private readonly output: OutputFile;
  private readonly options: RecordingOptions;
  private readonly now: () => number;
  private readonly mcap = new McapBuilder();
  private readonly clock = new LogClock();
  private readonly channelIds = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;
  /** Ends of pieces handed to `output`, written or not. */
  private end = 0;
  private lastWrite: Promise<void> = Promise.resolve();
  private syncing: Promise<void> | null = null;
  private closing: Promise<void> | null = null;

  constructor(file: string, output: OutputFile, options: RecordingOptions) {
    this.file = file;
    this.output = output;
    this.options = options;
    this.now = options.now ?? Date.now;
  }

  get bytes(): number {
    return this.output.length;
  }

  async begin(): Promise<void> {
    const { destination, hostname, sondeVersion } = this.options;
    const about: About = {
      formatVersion: String(FORMAT_VERSION),
      sondeVersion,
      destination: withoutPassword(destination),
      hostname,
      started: new Date(this.now()).toISOString(),
      writer: writerMark(),
    };
    this.put(this.mcap.header({ profile: PROFILE, library: `sonde ${sondeVersion}` }));
    this.put(this.mcap.metadata(ABOUT, { ...about }, this.end));
    for (const kind of RECORD_KINDS) if (kind !== 'window') this.channelId(kind, TOPICS[kind]);
    await this.lastWrite;
    if (!this.fault) return;
    await this.output.close().catch(() => undefined); // the first error says more
    throw new FaultError(this.fault);
  }

  append(frame: AgentFrame): void {
    const kind = recordKind(frame);
    if (kind === null || this.isStopped) return;
    const { logNs, anchor } = this.clock.stamp(frame, BigInt(Math.round(this.now())) * NS_PER_MS);
    if (anchor) {
      const entries: ClockAnchor = {
        deviceMonotonicNs: String(anchor.deviceMonotonicNs),
        workstationNs: String(anchor.workstationNs),
      };
      this.put(this.mcap.metadata(CLOCK, { ...entries }, this.end));
    }
    const channelId = this.channelId(kind, kind === 'window' ? windowTopic(probeOf(frame)) : TOPICS[kind]);
    const sequence = Number(BigInt.asUintN(32, frame.seq));
    this.mcap.message({ channelId, sequence, logTime: logNs, publishTime: logNs, data: recordBytes(frame) });
    if (this.mcap.chunkLength > CHUNK_BYTES) this.endChunk();
    else this.timer ??= setTimeout(() => this.endChunk(), CHUNK_MS);
  }

  setMarks(marks: readonly Mark[]): void {
    if (this.isStopped) return;
    this.put(this.mcap.metadata(MARKS, { [MARKS_ENTRY]: marksToJson(marks) }, this.end));
  }

  async flush(): Promise<void> {
    this.endChunk();
    await this.lastWrite;
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private get isStopped(): boolean {
    return this.fault !== null || this.closing !== null;
  }

  private channelId(kind: RecordKind, topic: string): number {
    const known = this.channelIds.get(topic);
    if (known !== undefined) return known;
    const name = recordTypeName(kind);
    const { id, bytes } = this.mcap.channel(topic, { name, encoding: SCHEMA_ENCODING, data: schemaOf(name) });
    this.put(bytes);
    this.channelIds.set(topic, id);
    return id;
  }

  private endChunk(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const chunk = this.fault ? null : this.mcap.takeChunk(this.end);
    if (!chunk) return;
    this.put(chunk);
    this.lastWrite = this.lastWrite.then(() => this.syncBehind());
  }

  /** Hands a piece to the file; the pieces are written in order. */
  private put(piece: Uint8Array): void {
    this.end += piece.length;
    this.lastWrite = this.lastWrite.then(() => this.attempt(() => this.output.write(piece)));
    if (this.end - this.output.length > MAX_WAITING_BYTES) this.stop(new Error('the disk does not keep up'));
  }

  /** A disk may take seconds to sync; the next chunk does not wait for it, because a killed program needs no sync. */
  private syncBehind(): void {
    this.syncing ??= this.attempt(() => this.output.sync()).finally(() => {
      this.syncing = null;
    });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    if (this.fault) return;
    try {
      await work();
    } catch (error) {
      this.stop(error);
    }
  }

  private stop(error: unknown): void {
    if (this.fault) return;
    this.fault = fileFault('cannot go on recording', this.file, error).fault;
    this.options.onFault?.(this.fault);
  }

  private async finish(): Promise<void> {
    await this.flush();
    await this.syncing;
    try {
      // Also after a fault: what is there deserves an index, and a full disk may have room for it again.
      await this.output.write(this.mcap.ending(this.output.length));
      await this.output.sync();
    } catch (error) {
      this.stop(error); // the file stays readable without its end
    }
    await this.output.close().catch((error: unknown) => this.stop(error));
  }
}

function probeOf({ body }: AgentFrame): string {
  return body.case === 'window' ? body.value.probe : '';
}

/** `ssh://user:secret@host` and `user:secret@host` are not forms we accept, but people type them. */
function withoutPassword(destination: string): string {
  return destination.replace(/^((?:ssh:\/\/)?[^:@/]*):[^@]*@/, '$1@');
}
