/** One profile in two spellings: agent frames as Sonde receives them, and speedscope's own JSON. */
import { encodeAgentFrame, encodeFrame, encodePreamble } from '../../../remote-agent/protocol/index.ts';
import type { DefinitionsSignal, Signal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { largeProfile } from '../../fixtures/signals.ts';

export interface BothSpellings {
  readonly sonde: Uint8Array;
  readonly speedscope: string;
  readonly samples: number;
}

/** One process, so that both programs draw a tree of exactly `frames` frames. */
export function makeProfile(frames: number, seed: number): BothSpellings {
  const signals = largeProfile({ frames, seed, processes: 1 });
  const { json, samples } = speedscopeOf(signals);
  return { sonde: sondeOf(signals), speedscope: json, samples };
}

function sondeOf(signals: readonly Signal[]): Uint8Array {
  return Buffer.concat([
    encodePreamble(),
    ...framesFromSignals(signals).map((frame) => encodeFrame(encodeAgentFrame(frame))),
  ]);
}

/**
 * In the order of the merged tree: speedscope opens with its time-order chart, which then is the same picture as the
 * flame graph. In the order the samples came, it would be dust without a single label.
 */
function speedscopeOf(signals: readonly Signal[]): { json: string; samples: number } {
  const definitions = signals.filter((signal): signal is DefinitionsSignal => signal.kind === 'definitions');
  const frames = definitions.flatMap((signal) => signal.frames);
  const parents = [0, ...definitions.flatMap((signal) => [...signal.stackParents])];
  const frameOf = [0, ...definitions.flatMap((signal) => [...signal.stackFrames])];
  const weightOf = new Float64Array(parents.length);
  for (const signal of signals) if (signal.kind === 'window') addWeights(signal, weightOf);
  const samples: number[][] = [];
  const weights: number[] = [];
  for (const leaf of inTreeOrder(parents)) {
    if (weightOf[leaf] === 0) continue;
    const stack: number[] = [];
    for (let node = leaf; node > 0; node = parents[node]!) stack.push(frameOf[node]! - 1);
    samples.push(stack.reverse());
    weights.push(weightOf[leaf]!);
  }
  const endValue = weights.reduce((sum, weight) => sum + weight, 0);
  const profile = { type: 'sampled', name: 'all', unit: 'none', startValue: 0, endValue, samples, weights };
  const shared = { frames: frames.map(({ name }) => ({ name })) };
  const $schema = 'https://www.speedscope.app/file-format-schema.json';
  return { json: JSON.stringify({ $schema, shared, profiles: [profile] }), samples: endValue };
}

function addWeights({ columns, rows }: WindowSignal, weightOf: Float64Array): void {
  for (let row = 0; row < rows; row++) weightOf[Number(columns[2]![row])]! += Number(columns[3]![row]);
}

/** Node ids from the root down, each followed by all below it. */
function inTreeOrder(parents: readonly number[]): number[] {
  const children = parents.map((): number[] => []);
  for (let node = 1; node < parents.length; node++) children[parents[node]!]!.push(node);
  const order: number[] = [];
  const open = [0];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    order.push(node);
    open.push(...children[node]!.reverse());
  }
  return order;
}
