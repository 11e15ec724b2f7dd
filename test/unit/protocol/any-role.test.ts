/** Columns whose equal rows agree, or of which one has nothing: on the device, on the wire, on the workstation. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeWindowSignals } from '../../../electron/session/merge-windows.ts';
import {
  decodeWindowSum,
  emptyCounters,
  encodeWindowSum,
  findProbe,
  type ProbeManifest,
  type WindowSignal,
  WindowSum,
} from '../../../remote-agent/protocol/index.ts';

const manifest = findProbe('slow-syscalls') as ProbeManifest;
const BEGUN = 2 ** 58 + 2 ** 20; // a device that has been up for nine years

/** What is known of one call at one time: stack, args, path; nothing is 0 or ''. */
interface Known {
  readonly begun: number;
  readonly stack: number;
  readonly args: string;
  readonly path: string;
}

function cellsOf({ begun, stack, args, path }: Known): (number | Uint8Array)[] {
  const none = new Uint8Array(0);
  return [1, 2, BEGUN + begun * 4096, 0, begun, 0, none, stack, Buffer.from(args), Buffer.from(path), none];
}

function windowOf(rows: readonly Known[]): WindowSum {
  const window = new WindowSum(manifest, { fromNs: 1n, toNs: 2n, counters: emptyCounters(), drains: 1 });
  for (const known of rows) {
    const row = window.nextRow();
    for (const [i, cell] of cellsOf(known).entries()) (window.columns[i] as unknown[])[row] = cell;
    window.commit();
  }
  return window;
}

const overTheWire = (window: WindowSum) => decodeWindowSum(manifest, encodeWindowSum(window));
const rowsOf = (columns: readonly ArrayLike<unknown>[], rows: number) =>
  Array.from({ length: rows }, (_, row) =>
    columns
      .map((column) => column[row])
      .map((cell) => (typeof cell === 'number' ? cell : Buffer.from(cell as Uint8Array).toString()))
      .join('|'),
  ).toSorted();

function signalOf({ columns, rows }: WindowSum): WindowSignal {
  const counters = { seen: 0, kept: 0, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 };
  const own = columns.map((column) => column.slice(0, rows)) as WindowSignal['columns'];
  return { kind: 'window', probe: manifest.id, fromNs: 1, toNs: 2, rows, columns: own, counters, drains: 1 };
}

it('a row has whatever any of its equals had, in any order, however windows are cut', () => {
  const maybe = <T>(value: T, nothing: T) => fc.constantFrom(value, nothing);
  const known = fc.nat(3).chain((begun) =>
    fc.record({
      begun: fc.constant(begun),
      stack: maybe(begun + 7, 0),
      args: maybe(`args ${begun}`, ''),
      path: maybe(`/path/${begun}`, ''),
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(known, { maxLength: 8 }), { minLength: 1, maxLength: 4 }), (windows) => {
      const all = windows.flat();
      const has = (begun: number, of: keyof Known, nothing: number | string) =>
        all.find((one) => one.begun === begun && one[of] !== nothing)?.[of] ?? nothing;
      const wanted = [...new Set(all.map(({ begun }) => begun))].map((begun) => {
        const [stack, args, path] = [has(begun, 'stack', 0), has(begun, 'args', ''), has(begun, 'path', '')];
        return ['1|2', BEGUN + begun * 4096, 0, begun, 0, '', stack, args, path, ''].join('|');
      });
      const sums = windows.map((rows) => overTheWire(windowOf(rows)));
      const sum = overTheWire(windowOf([]));
      for (const one of sums) sum.add(one);
      const again = overTheWire(sum);
      expect(rowsOf(again.columns, again.rows)).toEqual(wanted.toSorted());
      const merged = mergeWindowSignals(sums.map(signalOf));
      expect(rowsOf(merged.columns, merged.rows)).toEqual(wanted.toSorted());
    }),
  );
});
