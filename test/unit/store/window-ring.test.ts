import { describe, expect, test } from 'vitest';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';
import type { WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import type { ProbeColumns } from '../../../renderer/store/index.ts';
import { LIVE_LIMITS, REPLAY_LIMITS, WindowRing } from '../../../renderer/store/window-ring.ts';
import { seededRandom } from '../../fixtures/random.ts';

const WIDE = new Set(['count64', 'ns', 'time', 'bytes']);
const BLOBS = new Set(['blob', 'file']);
const text = new TextEncoder();
const FOREVER = Number.POSITIVE_INFINITY;
const NO_LIMITS = { bytes: 1e12, spanNs: FOREVER };

const bytesPerRow = ({ columns }: ProbeManifest) =>
  columns.reduce((sum, { type }) => sum + (WIDE.has(type) ? 8 : 4), 0);
const rowsLimit = (manifest: ProbeManifest, rows: number) => ({ bytes: rows * bytesPerRow(manifest), spanNs: FOREVER });

/** Window `index`: one second long, `rows` rows which all say so. Wide values are beyond 32 bits. */
function windowOf(manifest: ProbeManifest, index: number, rows: number): WindowSignal {
  const value = (column: number, row: number) => column + index * 1000 + row;
  const columns = manifest.columns.map(({ type }, column) => {
    const length = { length: rows };
    // Paths repeat; what happens where they do not is in blob-pool.test.ts.
    if (BLOBS.has(type)) return Array.from(length, (_, row) => text.encode(`/${column}/${(index + row) % 5}`));
    return WIDE.has(type)
      ? Float64Array.from(length, (_, row) => 2 ** 40 + value(column, row))
      : Uint32Array.from(length, (_, row) => value(column, row));
  });
  const counters = { seen: rows, kept: rows, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 };
  const [fromNs, toNs] = [index * 1e9, (index + 1) * 1e9];
  return { kind: 'window', probe: manifest.id, fromNs, toNs, rows, columns, counters, drains: 1 };
}

/** What a view would read of it. */
function read(ring: ProbeColumns): readonly unknown[] {
  return Array.from({ length: ring.windowCount }, (_, window) => {
    const from = ring.windowRow[window] ?? -1;
    const to = ring.windowRow[window + 1] ?? -1;
    return {
      fromNs: ring.windowFromNs[window],
      toNs: ring.windowToNs[window],
      kept: ring.windowCounters[window]?.kept,
      columns: ring.columns.map((column, i) => {
        const values = [...column.subarray(from, to)];
        return BLOBS.has(ring.manifest.columns[i]?.type ?? '') ? values.map((value) => ring.blobs[value]) : values;
      }),
    };
  });
}

function readAsPut(windows: readonly WindowSignal[]): readonly unknown[] {
  return windows.map(({ fromNs, toNs, counters, columns }) => ({
    fromNs,
    toNs,
    kept: counters.kept,
    columns: columns.map((column) => [...(column as Iterable<unknown>)]),
  }));
}

describe.each(PROBES.map((probe) => [probe.id, probe] as const))('ring of %s', (_, manifest) => {
  const windowAt = (index: number, rows: number) => windowOf(manifest, index, rows);

  test('gives back every row of every window, through any number of growths', () => {
    const random = seededRandom(11);
    const windows = Array.from({ length: 400 }, (_, index) => windowAt(index, Math.floor(random() * 120)));
    const ring = new WindowRing(manifest, NO_LIMITS);
    for (const window of windows) ring.append(window);
    const columns = ring.published();
    expect(read(columns)).toEqual(readAsPut(windows));
    expect(columns.rowCount).toBe(columns.windowRow[columns.windowCount]);
    expect(columns.forgottenBeforeNs).toBe(0);
  });

  test('forgets whole windows, oldest first, when rows are too many; the newest always stays', () => {
    const ring = new WindowRing(manifest, rowsLimit(manifest, 1000));
    const windows = Array.from({ length: 300 }, (_, index) => windowAt(index, 10 + (index % 7)));
    for (const [index, window] of windows.entries()) {
      ring.append(window);
      const columns = ring.published();
      expect(columns.rowCount).toBeLessThanOrEqual(1000);
      // Each comparison is of a thousand rows: not after every window, but at any distance from the last forgetting.
      if (index % 23 === 0 || index === windows.length - 1)
        expect(read(columns)).toEqual(readAsPut(windows.slice(index + 1 - columns.windowCount, index + 1)));
    }
    const columns = ring.published();
    expect(columns.rowCount).toBeGreaterThan(800);
    expect(columns.forgottenBeforeNs).toBe(columns.windowFromNs[0]);
    expect(columns.windowsForgotten).toBe(300 - columns.windowCount);
    const rowsOf = (few: readonly WindowSignal[]) => few.reduce((sum, { rows }) => sum + rows, 0);
    expect(columns.rowsForgotten).toBe(rowsOf(windows.slice(0, columns.windowsForgotten)));
  });

  test('forgets by age, with an eighth of slack', () => {
    const ring = new WindowRing(manifest, { bytes: 1e9, spanNs: 80e9 });
    for (let index = 0; index < 500; index++) ring.append(windowAt(index, 1));
    const { windowCount, forgottenBeforeNs } = ring.published();
    expect(windowCount).toBeGreaterThanOrEqual(80);
    expect(windowCount).toBeLessThanOrEqual(91);
    expect(forgottenBeforeNs).toBe((500 - windowCount) * 1e9);
  });

  test('a window larger than the limit is kept whole, alone', () => {
    const ring = new WindowRing(manifest, rowsLimit(manifest, 100));
    ring.append(windowAt(0, 50));
    const large = windowAt(1, 250);
    ring.append(large);
    expect(read(ring.published())).toEqual(readAsPut([large]));
  });

  test('what was published stays as it was, through appending, growing and forgetting', () => {
    const ring = new WindowRing(manifest, rowsLimit(manifest, 2000));
    const kept: { readonly columns: ProbeColumns; readonly asPublished: readonly unknown[] }[] = [];
    for (let index = 0; index < 600; index++) {
      ring.append(windowAt(index, 9));
      if (index % 40 === 0) {
        const columns = ring.published();
        kept.push({ columns, asPublished: read(columns) });
      }
    }
    for (const { columns, asPublished } of kept) expect(read(columns)).toEqual(asPublished);
  });

  test('a column is as wide as its widest value, and what was published before stays', () => {
    const ring = new WindowRing(manifest, NO_LIMITS);
    const numbers = manifest.columns.flatMap(({ type }, i) => (BLOBS.has(type) ? [] : [i]));
    const windowUpTo = (index: number, largest: number): WindowSignal => {
      const window = windowAt(index, 3);
      const columns = window.columns.map((column, i) =>
        numbers.includes(i) ? Float64Array.of(0, largest, largest >>> 1) : column,
      );
      return { ...window, columns };
    };
    const windows = [0xff, 0xffff, 0xffff_ffff, 2 ** 40, 1].map((largest, index) => windowUpTo(index, largest));
    const published = windows.map((window) => {
      ring.append(window);
      return ring.published();
    });
    for (const [index, width] of [Uint8Array, Uint16Array, Uint32Array, Float64Array, Float64Array].entries()) {
      for (const i of numbers) expect(published[index]?.columns[i]).toBeInstanceOf(width);
      expect(read(published[index]!)).toEqual(readAsPut(windows.slice(0, index + 1)));
    }
  });

  test('an empty window counts: time passed, and nothing ran', () => {
    const ring = new WindowRing(manifest, NO_LIMITS);
    ring.append(windowAt(0, 0));
    expect(ring.published()).toMatchObject({ windowCount: 1, rowCount: 0 });
  });
});

test.each(PROBES.map((probe) => [probe.id, probe] as const))('memory of %s is bounded', (_, manifest) => {
  for (const { bytes, spanNs } of [LIVE_LIMITS, REPLAY_LIMITS]) {
    // A hundredth of the real limits, filled three times over.
    const ring = new WindowRing(manifest, { bytes: bytes / 100, spanNs });
    const rows = Math.ceil(bytes / 100 / bytesPerRow(manifest) / 50);
    const window = windowOf(manifest, 0, rows);
    for (let index = 0; index < 150; index++) ring.append({ ...window, fromNs: index * 1e9, toNs: (index + 1) * 1e9 });
    const { columns, rowCount } = ring.published();
    expect(columns.reduce((sum, column) => sum + column.byteLength, 0)).toBeLessThanOrEqual(bytes / 100);
    // However narrow the columns are: what is to be walked is bounded, too.
    expect(rowCount).toBeLessThanOrEqual(bytes / 100 / bytesPerRow(manifest));
    expect(rowCount).toBeGreaterThan((bytes / 100 / bytesPerRow(manifest)) * 0.8);
  }
});
