/** A recording as others may have it: a new file, whole or not at all. */
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  encodeSignal,
  type Fault,
  FaultError,
  raise,
  SONDE_VERSION,
  type Signal,
} from '../../remote-agent/protocol/index.ts';
import type { RedactionPreview, RedactionRules } from '../bridge/redaction.ts';
import { createRecording, fileFault, openRecording, type RecordingReader } from '../recording/index.ts';
import { Redactor } from './redactor.ts';
import { aboutOf, cutOf, learn, type PartOptions, type ReadOptions, told } from './stage.ts';

export interface RedactRequest extends ReadOptions, PartOptions {
  readonly recording: string;
  /** Replaced if it exists. */
  readonly file: string;
  readonly rules: RedactionRules;
}

export interface RedactReport {
  readonly bytes: number;
  readonly preview: RedactionPreview;
  /** What of the recording could not be read. */
  readonly warning: Fault | null;
}

/** The first half of the progress is reading, to know all names before the first text that has one inside. */
const HALF = 0.5;
const NS_PER_MS = 1e6;

/** Raises `file-io`, `bad-recording`, `bad-option`, or `cancelled` when stopped. */
export async function redactRecording(request: RedactRequest): Promise<RedactReport> {
  const { recording, file } = request;
  if (path.resolve(recording) === path.resolve(file))
    raise('bad-option', `cannot write ${file}: it is the recording that is read`, 'Choose another name.');
  const reader = await openRecording(recording);
  const part = `${file}.${process.pid}.part`;
  try {
    const report = await write(reader, part, request);
    await rename(part, file).catch((error: unknown) => {
      throw fileFault('cannot write', file, error);
    });
    return report;
  } catch (error) {
    await rm(part, { force: true });
    return told(error, recording, request.stop);
  } finally {
    await reader.close();
  }
}

async function write(
  reader: RecordingReader,
  part: string,
  { recording, rules, ranges = [], stop, onProgress }: RedactRequest,
): Promise<RedactReport> {
  const redactor = new Redactor(rules);
  await learn(reader, redactor, { stop, onProgress: (progress) => onProgress?.(progress * HALF) });
  const cut = await cutOf(reader, { ranges, stop });
  const clock = new RecordedClock(reader, ranges[0]?.fromNs ?? null);
  const writer = await createRecording(part, {
    ...aboutOf(reader, redactor),
    sondeVersion: SONDE_VERSION,
    now: () => clock.nowMs,
  });
  let seq = 0n;
  try {
    for await (const batch of reader.batches()) {
      stop?.throwIfAborted();
      for (const read of batch) {
        clock.hear(read);
        for (const signal of cut?.take(read) ?? [read]) {
          clock.pass(signal);
          writer.append(encodeSignal(redactor.redact(signal), ++seq));
        }
      }
      // A chunk for each that was read.
      await writer.flush();
      if (writer.fault) break;
      onProgress?.(HALF + reader.progress * HALF);
    }
    stop?.throwIfAborted();
    if (seq === 0n && ranges.length > 0)
      raise('bad-option', `cannot redact ${recording}: nothing was recorded in the part that is asked for`);
    const all = await reader.marks();
    const marks = cut?.marks(all) ?? all;
    if (marks.length > 0) writer.setMarks(redactor.marks(marks));
  } finally {
    await writer.close();
  }
  if (writer.fault) throw new FaultError(writer.fault);
  return { bytes: writer.bytes, preview: redactor.preview(), warning: reader.warning };
}

/**
 * The workstation's clock while it was recorded, which the writer puts the new file on. Of a later agent run it is not
 * known; the device's own clock has gone on since the first.
 */
class RecordedClock {
  nowMs: number;
  private aheadMs: number | null = null;
  private readonly firstMs: number;
  private readonly beginMs: number;

  /** fromNs: where it begins; null = where the recording does. */
  constructor({ info: { startedMs, clock } }: RecordingReader, fromNs: number | null) {
    this.nowMs =
      fromNs !== null && clock ? clock.workstationMs + (fromNs - clock.deviceMonotonicNs) / NS_PER_MS : startedMs;
    this.firstMs = clock?.workstationMs ?? startedMs;
    this.beginMs = fromNs === null ? this.firstMs : this.nowMs;
  }

  /** What was recorded, whether it is written or not. */
  hear(signal: Signal): void {
    if (signal.kind === 'clock') this.aheadMs ??= this.firstMs - signal.realtimeMs;
  }

  /** What is written next. */
  pass(signal: Signal): void {
    if (signal.kind === 'device') return;
    if (signal.kind === 'clock') this.nowMs = signal.realtimeMs + (this.aheadMs ?? 0);
    else if (this.aheadMs === null) this.nowMs = this.beginMs;
  }
}
