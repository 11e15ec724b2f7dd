/** The flame graph's own bench (test/bench/flamegraph), kept with the others. */
import type { Bench, BenchContext, BenchResult } from './harness/bench.ts';
import { run as measure } from './flamegraph/run.mjs';

async function run({ log }: BenchContext): Promise<BenchResult> {
  const figures = await measure({ log });
  const faster = figures['times-as-fast-as-speedscope'] ?? Number.NaN;
  const ofFlows = Object.entries(figures).filter(([name]) => /^flows-.*-frames-per-second$/.test(name));
  const slowestFlows = Math.min(...ofFlows.map(([, value]) => value));
  const { frames, ...rows } = figures;
  return {
    about: `The same profile of ${frames} frames in Sonde’s flame graph and in speedscope, in the same browser, turn by turn.`,
    claims: [
      {
        what: 'first picture against speedscope',
        target: 'sooner',
        measured: `${faster.toFixed(1)} times as fast`,
        met: faster > 1,
      },
      {
        what: 'slowest picture of 5,000 network flows',
        target: '≥ 50 frames/s',
        measured: `${slowestFlows.toFixed(0)} frames/s`,
        met: slowestFlows >= 50,
      },
    ],
    tables: [
      {
        title: 'Figures',
        columns: ['', ''],
        rows: Object.entries(rows).map(([name, value]) => [name.replaceAll('-', ' '), value.toFixed(1)]),
      },
    ],
    notes: [],
    figures,
  };
}

export const FLAMEGRAPH: Bench = { name: 'flamegraph', title: 'Drawing a large profile', run };
