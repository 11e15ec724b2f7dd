/** What a device has recorded by itself becomes a recording like any other. */
import { type FileHandle, open } from 'node:fs/promises';
import {
  type AgentFrame,
  decodeAgentFrame,
  encodeAgentFrame,
  FaultError,
  faultOf,
  raise,
  recordKind,
  type Signal,
  SignalDecoder,
  SONDE_VERSION,
  type UnattendedStatus,
} from '../../../remote-agent/protocol/index.ts';
import { createRecording, type RecordingWriter } from '../../recording/index.ts';
import { UnattendedBlocks } from './block-reader.ts';

export interface Converted {
  readonly bytes: number;
  readonly records: number;
  readonly windows: number;
  /** Stretches of records that should be there and are not: a damaged disk, a power cut. */
  readonly gaps: number;
  readonly damagedBytes: number;
  /** Records that do not fit to what came before them, and are not in it. */
  readonly leftOut: number;
}

/** What a device packs is packed again, and gets an index. Far beyond that it was made to fill disks. */
const MAX_UNFOLDING = 20;
const MAX_SMALL_BYTES = 16 << 20;

/** Raises `bad-recording` where nothing in it can be read, and `file-io`; a file that was begun is then left to the caller. */
export async function toRecording(
  records: string,
  status: UnattendedStatus,
  file: string,
  signal?: AbortSignal,
): Promise<Converted> {
  const input = await open(records);
  try {
    const writer = await createRecording(file, {
      destination: status.destination,
      hostname: status.hostname,
      sondeVersion: SONDE_VERSION,
      now: () => status.startedMs,
    });
    try {
      return await convert(input, status, writer, signal);
    } finally {
      await writer.close();
    }
  } finally {
    await input.close();
  }
}

async function convert(
  input: FileHandle,
  status: UnattendedStatus,
  writer: RecordingWriter,
  signal: AbortSignal | undefined,
): Promise<Converted> {
  const blocks = new UnattendedBlocks(input);
  const conversion = new Conversion(status);
  const most = Math.max(MAX_SMALL_BYTES, (await input.stat()).size * MAX_UNFOLDING);
  for await (const frames of blocks.batches()) {
    if (signal?.aborted) raise('cancelled', 'fetching was cancelled');
    await conversion.add(frames, writer);
    if (writer.bytes > most) raise('out-of-sync', 'cannot use the recording: it unfolds to far more than was recorded');
  }
  await writer.close();
  if (writer.fault) throw new FaultError(writer.fault);
  return conversion.result(writer.bytes, blocks.damagedBytes);
}

class Conversion {
  /** Around triggers, windows that were not kept have numbers, too; and of a session it is the end only. */
  private readonly isNumbered: boolean;
  /** null: what came before does not hold together with what comes; a new run begins anew. */
  private decoder: SignalDecoder | null = new SignalDecoder();
  private lastSeq = 0n;
  private lastNs = 0n;
  private records = 0;
  private windows = 0;
  private gaps = 0;
  private leftOut = 0;

  constructor(status: Pick<UnattendedStatus, 'origin' | 'triggers'>) {
    this.isNumbered = status.origin === 'order' && status.triggers.length === 0;
  }

  async add(frames: readonly AgentFrame[], writer: RecordingWriter): Promise<void> {
    for (const frame of frames) this.addOne(frame, writer);
    await writer.flush();
  }

  result(bytes: number, damagedBytes: number): Converted {
    if (this.records === 0) raise('bad-recording', 'nothing in the unattended recording can be read');
    const { records, windows, gaps, leftOut } = this;
    return { bytes, records, windows, gaps, damagedBytes, leftOut };
  }

  private addOne(frame: AgentFrame, writer: RecordingWriter): void {
    if (recordKind(frame) === null) return;
    if (this.isNumbered && frame.seq !== this.lastSeq + 1n) this.gap(writer);
    this.lastSeq = frame.seq;
    if (frame.body.case === 'device') this.decoder = new SignalDecoder();
    // Whatever does not hold together is found here and not by the reader of the finished file.
    const signal = this.decoded(frame, writer);
    if (!this.decoder) {
      this.leftOut++;
      return;
    }
    writer.append(frame);
    this.records++;
    if (signal?.kind === 'window') this.windows++;
    if (signal?.kind === 'clock') this.lastNs = BigInt(Math.round(signal.monotonicNs));
  }

  private decoded(frame: AgentFrame, writer: RecordingWriter): Signal | null {
    try {
      return this.decoder?.decode(frame) ?? null;
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.decoder = null;
      this.note(`what comes next is left out, it does not fit to what came before: ${fault.message}`, writer);
      return null;
    }
  }

  private gap(writer: RecordingWriter): void {
    this.gaps++;
    this.note('records are missing here: the device lost power, or its disk is damaged', writer);
  }

  private note(text: string, writer: RecordingWriter): void {
    writer.append(decodeAgentFrame(encodeAgentFrame({ body: { case: 'note', value: { atNs: this.lastNs, text } } })));
  }
}
