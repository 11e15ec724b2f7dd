/** What a device has recorded by itself becomes a recording like any other. */
import { open } from 'node:fs/promises';
import {
  type AgentFrame,
  decodeAgentFrame,
  encodeAgentFrame,
  FaultError,
  raise,
  recordKind,
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
}

/** Raises `bad-recording` where nothing in it can be read, and `file-io`; a file that was begun is then left to the caller. */
export async function toRecording(records: string, status: UnattendedStatus, file: string): Promise<Converted> {
  const input = await open(records);
  try {
    const blocks = new UnattendedBlocks(input);
    const conversion = new Conversion(status);
    const writer = await createRecording(file, {
      destination: status.destination,
      hostname: status.hostname,
      sondeVersion: SONDE_VERSION,
      now: () => status.startedMs,
    });
    for await (const frames of blocks.batches()) await conversion.add(frames, writer);
    await writer.close();
    if (writer.fault) throw new FaultError(writer.fault);
    return conversion.result(writer.bytes, blocks.damagedBytes);
  } finally {
    await input.close();
  }
}

class Conversion {
  private readonly status: UnattendedStatus;
  private readonly decoder = new SignalDecoder();
  private lastSeq = 0n;
  private lastNs = 0n;
  private records = 0;
  private windows = 0;
  private gaps = 0;

  constructor(status: UnattendedStatus) {
    this.status = status;
  }

  async add(frames: readonly AgentFrame[], writer: RecordingWriter): Promise<void> {
    for (const frame of frames) this.addOne(frame, writer);
    await writer.flush();
  }

  result(bytes: number, damagedBytes: number): Converted {
    if (this.records === 0) raise('bad-recording', 'nothing in the unattended recording can be read');
    const { records, windows, gaps } = this;
    return { bytes, records, windows, gaps, damagedBytes };
  }

  private addOne(frame: AgentFrame, writer: RecordingWriter): void {
    if (recordKind(frame) === null) return;
    // Around triggers, windows that were not kept have numbers, too.
    if (this.status.triggers.length === 0 && frame.seq !== this.lastSeq + 1n) this.gap(writer);
    this.lastSeq = frame.seq;
    // Whatever does not hold together is found here and not by the reader of the finished file.
    const signal = this.decoder.decode(frame);
    writer.append(frame);
    this.records++;
    if (signal?.kind === 'window') this.windows++;
    if (signal?.kind === 'clock') this.lastNs = BigInt(Math.round(signal.monotonicNs));
  }

  private gap(writer: RecordingWriter): void {
    this.gaps++;
    const text = 'records are missing here: the device lost power, or its disk is damaged';
    writer.append(decodeAgentFrame(encodeAgentFrame({ body: { case: 'note', value: { atNs: this.lastNs, text } } })));
  }
}
