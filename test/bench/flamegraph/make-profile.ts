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
  return Buffer.concat([encodePreamble(), ...framesFromSignals(signals).map((frame) => encodeFrame(encodeAgentFrame(frame)))]);
}

function speedscopeOf(signals: readonly Signal[]): { json: string; samples: number } {
  const definitions = signals.filter((signal): signal is DefinitionsSignal => signal.kind === 'definitions');
  const frames = definitions.flatMap((signal) => signal.frames);
  const parents = definitions.flatMap((signal) => [...signal.stackParents]);
  const frameOf = definitions.flatMap((signal) => [...signal.stackFrames]);
  const stackOf = (leaf: number) => {
    const stack: number[] = [];
    for (let node = leaf; node > 0; node = parents[node - 1]!) stack.push(frameOf[node - 1]! - 1);
    return stack.reverse();
  };
  const samples: number[][] = [];
  const weights: number[] = [];
  for (const signal of signals) if (signal.kind === 'window') addWindow(signal);
  function addWindow({ columns, rows }: WindowSignal): void {
    for (let row = 0; row < rows; row++) {
      samples.push(stackOf(Number(columns[2]![row])));
      weights.push(Number(columns[3]![row]));
    }
  }
  const endValue = weights.reduce((sum, weight) => sum + weight, 0);
  const profile = { type: 'sampled', name: 'all', unit: 'none', startValue: 0, endValue, samples, weights };
  const shared = { frames: frames.map(({ name }) => ({ name })) };
  const $schema = 'https://www.speedscope.app/file-format-schema.json';
  return { json: JSON.stringify({ $schema, shared, profiles: [profile] }), samples: endValue };
}
