/** Goes on with a file that somebody else began to put in order: what they knew is learned from what they wrote. */
import type { CostSignal, Signal, WindowSignal } from '../../remote-agent/protocol/index.ts';
import type { RunIndex } from '../../remote-agent/protocol/generated/sonde_pb.ts';
import { BlockReader } from './block-reader.ts';
import { recordKindOfTopic } from './format.ts';
import { type IndexedFile, messagesAt } from './index-file.ts';
import type { RecordDecoder } from './record-decoder.ts';
import { RunReader } from './run-reader.ts';
import type { TidyOutput } from './tidy-output.ts';
import type { TidyState } from './tidy-state.ts';
import type { TidyWriter } from './tidy-writer.ts';

interface Makers {
  readonly decoder: RecordDecoder;
  readonly output: TidyOutput;
  readonly writer: TidyWriter;
}

/** False where the file at `path` is not as they left it: none of the makers is of use then. */
export async function resume(path: string, state: TidyState, { decoder, output, writer }: Makers): Promise<boolean> {
  const file = await BlockReader.open(path);
  try {
    decoder.goOnFrom(state.next, state.channels);
    output.restore(state.output, state.outputLength);
    const run = writer.restore(state.writer);
    const topics = new Map([...state.output.channelIds].map(([topic, id]) => [id, topic]));
    const source = { file, runs: [run], topics };
    await learnTables(source, run, decoder);
    await sumUp(source, run, writer);
    return true;
  } catch {
    return false; // anybody may have put it there: whatever is wrong with it, it is begun anew
  } finally {
    await file.close();
  }
}

async function learnTables({ file, topics }: IndexedFile, { parts }: RunIndex, decoder: RecordDecoder): Promise<void> {
  for (const { tables } of parts)
    for (const { channelId, data } of tables ? await messagesAt(file, tables) : []) {
      const kind = recordKindOfTopic(topics.get(channelId) ?? '');
      if (kind) decoder.learn(kind, data);
    }
}

/** Sums of minutes that are not part of an hour yet. */
async function sumUp(source: IndexedFile, run: RunIndex, writer: TidyWriter): Promise<void> {
  const summed = run.hours.reduce((end, { first, count }) => Math.max(end, first + count), 0);
  if (summed === run.minutes.length) return;
  const reader = await RunReader.open(source, run);
  for (const [sum, { first, count, fromNs, toNs }] of run.minutes.entries()) {
    if (sum < summed) continue;
    const unit = { kind: 'minutes', sum, first, end: first + count } as const;
    const signals: Signal[] = [];
    const all = { fromNs: 0, toNs: Number.POSITIVE_INFINITY };
    for await (const batch of reader.read({ units: [unit], events: [], stepNs: 0 }, all)) signals.push(...batch);
    const costs = signals.filter((signal): signal is CostSignal => signal.kind === 'cost');
    writer.addMinutes(sum, { fromNs: Number(fromNs), toNs: Number(toNs) }, byProbe(signals), costs);
  }
}

function byProbe(signals: readonly Signal[]): WindowSignal[][] {
  const lists = new Map<string, WindowSignal[]>();
  for (const signal of signals) {
    if (signal.kind !== 'window') continue;
    const list = lists.get(signal.probe);
    if (list) list.push(signal);
    else lists.set(signal.probe, [signal]);
  }
  return [...lists.values()];
}
