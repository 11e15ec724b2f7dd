/** Long recordings, through the writer that sessions use: a chunk for each second. */
import { createRecording, openRecording } from '../../../electron/recording/index.ts';
import type { AgentFrame, Signal } from '../../../remote-agent/protocol/index.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { longRecording, type LongOptions } from '../../fixtures/long-recording.ts';

const SAMPLE = 'electron/shell/sample.sonde.mcap';
const NS_PER_S = 1_000_000_000n;
/** So many seconds of a busy box are made up; then the same come again, later. No part of a file in order is as long. */
const POOL_S = 600;

async function sampleSignals(): Promise<Signal[]> {
  const reader = await openRecording(SAMPLE);
  const signals: Signal[] = [];
  for await (const signal of reader.signals()) signals.push(signal);
  await reader.close();
  return signals;
}

/** Resolves with the seconds that it has. */
export async function makeLong(file: string, options: LongOptions): Promise<number> {
  return write(file, framesOf(await sampleSignals(), options), Number.POSITIVE_INFINITY);
}

/** So large, about, whatever time that is. */
export async function makeLarge(file: string, bytes: number, options: Omit<LongOptions, 'seconds'>): Promise<number> {
  const base = await sampleSignals();
  return write(file, repeated(framesOf(base, { ...options, seconds: POOL_S })), bytes);
}

async function write(file: string, batches: Iterable<readonly AgentFrame[]>, mostBytes: number): Promise<number> {
  const writer = await createRecording(file, { destination: 'edge', hostname: 'edge', sondeVersion: '0.1.0' });
  let length = -1; // tables come before the first second
  for (const frames of batches) {
    for (const frame of frames) writer.append(frame);
    await writer.flush();
    length++;
    if (writer.bytes >= mostBytes) break;
  }
  await writer.close();
  if (writer.fault) throw new Error(writer.fault.message);
  return length;
}

function* framesOf(base: readonly Signal[], options: LongOptions): Generator<AgentFrame[]> {
  let seq = 1;
  for (const batch of longRecording(base, options)) {
    yield framesFromSignals(batch, seq);
    seq += batch.length;
  }
}

/** For ever. Tables come the first time only. */
function* repeated(batches: Iterable<AgentFrame[]>): Generator<readonly AgentFrame[]> {
  const pool: AgentFrame[][] = [];
  for (const frames of batches) {
    yield frames;
    pool.push(frames.filter(({ body }) => body.case === 'window' || body.case === 'cost'));
  }
  for (;;)
    for (const frames of pool) {
      if (frames.length === 0) continue; // the tables
      for (const frame of frames) moveOn(frame, BigInt(POOL_S) * NS_PER_S);
      yield frames;
    }
}

function moveOn({ body }: AgentFrame, byNs: bigint): void {
  if (body.case !== 'window' && body.case !== 'cost') return;
  body.value.fromNs += byNs;
  body.value.toNs += byNs;
}
