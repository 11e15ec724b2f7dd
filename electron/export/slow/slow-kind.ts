/**
 * Single calls as a table. The recording is read twice: names of functions come after the stacks that need them, and
 * keeping all calls until the end would need memory without a bound.
 */
import { About } from '../about.ts';
import { signalsOf } from '../batches.ts';
import { frameWords } from '../profile/folded.ts';
import { cellsOf } from '../rows/column.ts';
import { streamSource } from '../rows/sources.ts';
import type { TableKind } from '../rows/table-kind.ts';
import { type SlowCall, SlowCalls, SLOW_CALLS_PROBE } from './slow-calls.ts';
import { SLOW_COLUMNS, type SlowRow } from './slow-columns.ts';

export const slowKind: TableKind = {
  probe: SLOW_CALLS_PROBE,
  format: 'sonde-slow-calls',
  suffix: 'slow',
  tables: [{ name: 'slow', help: 'a row per call that the probe slow-syscalls kept', columns: SLOW_COLUMNS }],
  hasWindows: false,
  async open(batches, options) {
    const named = new About();
    for await (const signal of signalsOf(batches(), options.stop)) named.take(signal, options.filter);
    const about = new About();
    const stream = new SlowCalls(about, options.filter);
    const rowOf = rowMaker(named);
    const cells = cellsOf(SLOW_COLUMNS);
    return streamSource(batches(), options, about, { stream, cells: (call) => cells(rowOf(call)), unit: 'calls' });
  },
};

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
