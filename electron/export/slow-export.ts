/**
 * Single calls on their way into a file. The recording is read twice: names of functions come after the stacks that need
 * them, and keeping all calls until the end would need memory without a bound.
 */
import type { DeviceSignal } from '../../remote-agent/protocol/index.ts';
import { About } from './about.ts';
import { type Batches, type CollectOptions, signalsOf } from './batches.ts';
import { Coverage, type Covered } from './coverage.ts';
import { frameWords } from './folded.ts';
import { isSlowWindow, type SlowCall, SlowCalls } from './slow-calls.ts';
import type { SlowRow } from './slow-columns.ts';

export interface SlowWhole extends Covered {
  readonly device: DeviceSignal | null;
  readonly realtimeMs: number | null;
}

export interface SlowExport {
  /** Ids of the probes that have windows, also outside of the range. */
  readonly probes: ReadonlySet<string>;
  /** In the order in which they were over. */
  readonly rows: AsyncIterable<readonly SlowRow[]>;
  /** May be asked when the rows have come to their end. */
  whole(): SlowWhole;
}

export async function slowExport(
  batches: () => Batches,
  options: CollectOptions,
  onRows: (count: number) => void,
): Promise<SlowExport> {
  const named = new About();
  for await (const signal of signalsOf(batches(), options.stop)) named.take(signal, options.filter);
  const coverage = new Coverage();
  const whole = (): SlowWhole => {
    const covered = coverage.result();
    return { ...covered, device: named.device, realtimeMs: named.realtimeMs(covered.fromNs) };
  };
  return { probes: named.probes, rows: rowsOf(batches(), options, named, coverage, onRows), whole };
}

async function* rowsOf(
  batches: Batches,
  { filter, stop }: CollectOptions,
  named: About,
  coverage: Coverage,
  onRows: (count: number) => void,
): AsyncGenerator<readonly SlowRow[]> {
  const about = new About();
  const calls = new SlowCalls(about, filter);
  const rowOf = rowMaker(named);
  for await (const signal of signalsOf(batches, stop)) {
    const over = signal.kind === 'device' ? calls.finish() : [];
    about.take(signal, filter);
    if (signal.kind === 'device') coverage.beginRun();
    if (isSlowWindow(signal, filter)) {
      coverage.take(signal);
      over.push(...calls.take(signal));
    }
    if (over.length === 0) continue;
    onRows(over.length);
    yield over.map(rowOf);
  }
  const left = calls.finish();
  onRows(left.length);
  yield left.map(rowOf);
}

function rowMaker(named: About): (call: SlowCall) => SlowRow {
  const { tables } = named;
  const words = frameWords(tables);
  return (call) => ({
    call,
    who: tables.processOf(call.thread),
    tid: tables.threads[call.thread]?.tid ?? null,
    comm: tables.threads[call.thread]?.comm ?? '',
    stack: tables.leafToRoot(call.stack).toReversed().map(words),
    realtimeMs: named.realtimeMs(call.begunNs),
  });
}
