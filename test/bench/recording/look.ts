/** What the host and the window do with a recording, in one process: reading, checking, the columns, the flame graph's tree. */
import { Replay } from '../../../electron/host/replay.ts';
import type { WindowPort } from '../../../electron/host/window-port.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { median } from '../harness/figures.ts';
import { Window } from './window.ts';

const RANGES_EACH = 9;
const SEED = 3;
/** Short ones too are shown range by range. */
const IN_RANGES = { tidyFrom: Number.POSITIVE_INFINITY, beginning: 0, whole: 0 };

export interface Looked {
  readonly firstMs: number;
  /** By minutes. */
  readonly rangesMs: Readonly<Record<number, number>>;
  readonly longestPauseMs: number;
}

/** `minutes`: how long the ranges are that are asked for, at random places. The file is in order. */
export async function look(file: string, minutes: readonly number[]): Promise<Looked> {
  const begin = performance.now();
  const window = new Window();
  const replay = new Replay(file, window as unknown as WindowPort, IN_RANGES);
  await replay.run();
  if (window.extent.toNs === 0) throw new Error(`${file} is not in order: it has no ranges`);
  window.flameGraph();
  const firstMs = performance.now() - begin;
  const random = seededRandom(SEED);
  const rangesMs: Record<number, number> = {};
  for (const each of minutes) {
    const taken: number[] = [];
    for (let i = 0; i < RANGES_EACH; i++) {
      const { fromNs, toNs } = window.extent;
      const start = fromNs + random() * Math.max(0, toNs - fromNs - each * 60e9);
      const asked = performance.now();
      const loaded = window.nextRange();
      replay.show({ fromNs: start, toNs: Math.min(toNs, start + each * 60e9) });
      await loaded;
      window.flameGraph();
      taken.push(performance.now() - asked);
    }
    rangesMs[each] = median(taken);
  }
  await replay.close();
  return { firstMs, rangesMs, longestPauseMs: window.longestPauseMs };
}
