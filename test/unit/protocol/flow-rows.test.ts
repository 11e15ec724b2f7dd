/** Rows of one flow become one by their roles: on the device, on the wire, on the workstation, however windows are cut. */
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { mergeWindowSignals } from '../../../electron/session/merge-windows.ts';
import {
  combined,
  decodeWindowSum,
  emptyCounters,
  encodeWindowSum,
  findProbe,
  type ProbeManifest,
  type WindowSignal,
  WindowSum,
} from '../../../remote-agent/protocol/index.ts';

const manifest = findProbe('net-flows') as ProbeManifest;
const NAMES = manifest.columns.map(({ name }) => name);
const at = (name: string) => NAMES.indexOf(name);
/** Of what the wire rounds, what it keeps. */
const us = (value: number) => value * 1000;

type Cells = readonly number[];

const row = fc
  .record({
    flow: fc.integer({ min: 1, max: 4 }),
    thread: fc.nat(3),
    state: fc.nat(11),
    sent: fc.nat(1e9),
    rtt: fc.nat(5).map(us),
    rttMin: fc.nat(5).map(us),
    closed: fc.constantFrom(0, us(2 ** 30), us(2 ** 30 + 7)),
  })
  .map(({ flow, thread, state, sent, rtt, rttMin, closed }) => {
    const cells = NAMES.map(() => 0);
    Object.assign(cells, { [at('flow')]: flow, [at('thread')]: thread, [at('state')]: state, [at('sent')]: sent });
    return Object.assign(cells, { [at('rtt')]: rtt, [at('rtt-min')]: rttMin, [at('closed')]: closed }) as Cells;
  });

function windowOf(rows: readonly Cells[], fromNs: bigint): WindowSum {
  const window = new WindowSum(manifest, { fromNs, toNs: fromNs + 1n, counters: emptyCounters(), drains: 1 });
  for (const cells of rows) {
    const next = window.nextRow();
    for (const [i, cell] of cells.entries()) (window.columns[i] as Float64Array)[next] = cell;
    window.commit();
  }
  return window;
}

/** What the rows of each flow come to, said plainly. */
function wanted(rows: readonly Cells[]): Map<number, Cells> {
  return new Map(
    [...new Set(rows.map((cells) => cells[at('flow')] as number))].map((flow) => {
      const own = rows.filter((cells) => cells[at('flow')] === flow);
      const column = (name: string) => own.map((cells) => cells[at(name)] as number);
      const known = (name: string) => column(name).filter((value) => value !== 0);
      const cells = NAMES.map(() => 0);
      cells[at('flow')] = flow;
      cells[at('sent')] = column('sent').reduce((sum, value) => sum + value, 0);
      for (const name of ['thread', 'state', 'rtt']) cells[at(name)] = known(name).at(-1) ?? 0;
      cells[at('rtt-min')] = Math.min(...(known('rtt-min').length ? known('rtt-min') : [0]));
      cells[at('closed')] = Math.max(...column('closed'));
      return [flow, cells];
    }),
  );
}

const found = (columns: readonly ArrayLike<unknown>[], rows: number) =>
  new Map(
    Array.from({ length: rows }, (_, i) => columns.map((column) => column[i] as number)).map((cells) => [
      cells[at('flow')] as number,
      cells,
    ]),
  );

function signalOf({ columns, rows }: WindowSum): WindowSignal {
  const counters = { seen: 0, kept: 0, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 };
  const own = columns.map((column) => column.slice(0, rows)) as WindowSignal['columns'];
  return { kind: 'window', probe: manifest.id, fromNs: 1, toNs: 2, rows, columns: own, counters, drains: 1 };
}

const overTheWire = (window: WindowSum) => decodeWindowSum(manifest, encodeWindowSum(window));

it('the later wins, the least is kept, sums are whole', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 4 }), (seconds) => {
      const sums = seconds.map((rows, second) => overTheWire(windowOf(rows, BigInt(second + 1))));
      const sum = overTheWire(windowOf([], 1n));
      for (const one of sums) sum.add(one);
      const again = overTheWire(sum);
      expect(found(again.columns, again.rows)).toEqual(wanted(seconds.flat()));
      const merged = mergeWindowSignals(sums.map(signalOf));
      expect(found(merged.columns, merged.rows)).toEqual(wanted(seconds.flat()));
    }),
  );
});

test.each([
  ['last', 3, 5, 5],
  ['last', 3, 0, 3],
  ['last', 0, 5, 5],
  ['min', 3, 5, 3],
  ['min', 5, 3, 3],
  ['min', 0, 5, 5],
  ['min', 5, 0, 5],
  ['max', 3, 5, 5],
  ['sum', 3, 5, 8],
  ['any', 0, 5, 5],
  ['any', 5, 0, 5],
] as const)('%s of %d and %d is %d', (role, a, b, one) => expect(combined(role, a, b)).toBe(one));
