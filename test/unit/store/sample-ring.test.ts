import { describe, expect, test } from 'vitest';
import type { SampleColumns } from '../../../renderer/store/index.ts';
import { SampleRing } from '../../../renderer/store/sample-ring.ts';
import type { WindowRows } from '../../../renderer/store/sample-ring.ts';
import { seededRandom } from '../../fixtures/random.ts';

const NO_LIMITS = { rows: 1e9, spanNs: Number.POSITIVE_INFINITY };

/** Window `index`: one second long, `rows` rows which all say so. */
function windowOf(index: number, rows: number): WindowRows {
  const filled = (base: number) => Uint32Array.from({ length: rows }, (_, row) => base + index * 1000 + row);
  const counters = { seen: rows, kept: rows, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 };
  return {
    fromNs: index * 1e9,
    toNs: (index + 1) * 1e9,
    rows,
    thread: filled(1),
    cpu: filled(2),
    stack: filled(3),
    samples: filled(4),
    counters,
  };
}

/** What a view would read of it. */
function read(columns: SampleColumns): readonly unknown[] {
  return Array.from({ length: columns.windowCount }, (_, window) => {
    const from = columns.windowRow[window] ?? -1;
    const to = columns.windowRow[window + 1] ?? -1;
    return {
      fromNs: columns.windowFromNs[window],
      toNs: columns.windowToNs[window],
      kept: columns.windowCounters[window]?.kept,
      columns: [columns.thread, columns.cpu, columns.stack, columns.samples].map((column) => [
        ...column.subarray(from, to),
      ]),
    };
  });
}

function readAsPut(windows: readonly WindowRows[]): readonly unknown[] {
  return windows.map((window) => ({
    fromNs: window.fromNs,
    toNs: window.toNs,
    kept: window.counters.kept,
    columns: [window.thread, window.cpu, window.stack, window.samples].map((column) => [...column]),
  }));
}

describe('sample ring', () => {
  test('gives back every row of every window, through any number of growths', () => {
    const random = seededRandom(11);
    const windows = Array.from({ length: 400 }, (_, index) => windowOf(index, Math.floor(random() * 120)));
    const ring = new SampleRing(NO_LIMITS);
    for (const window of windows) ring.append(window);
    const columns = ring.published();
    expect(read(columns)).toEqual(readAsPut(windows));
    expect(columns.rowCount).toBe(columns.windowRow[columns.windowCount]);
    expect(columns.forgottenBeforeNs).toBe(0);
  });

  test('forgets whole windows, oldest first, when rows are too many; the newest always stays', () => {
    const ring = new SampleRing({ rows: 1000, spanNs: Number.POSITIVE_INFINITY });
    const windows = Array.from({ length: 300 }, (_, index) => windowOf(index, 10 + (index % 7)));
    for (const [index, window] of windows.entries()) {
      ring.append(window);
      const columns = ring.published();
      expect(columns.rowCount).toBeLessThanOrEqual(1000);
      expect(read(columns)).toEqual(readAsPut(windows.slice(index + 1 - columns.windowCount, index + 1)));
    }
    const columns = ring.published();
    expect(columns.rowCount).toBeGreaterThan(800);
    expect(columns.forgottenBeforeNs).toBe(columns.windowFromNs[0]);
  });

  test('forgets by age, with an eighth of slack', () => {
    const ring = new SampleRing({ rows: 1e6, spanNs: 80e9 });
    for (let index = 0; index < 500; index++) ring.append(windowOf(index, 1));
    const { windowCount, forgottenBeforeNs } = ring.published();
    expect(windowCount).toBeGreaterThanOrEqual(80);
    expect(windowCount).toBeLessThanOrEqual(91);
    expect(forgottenBeforeNs).toBe((500 - windowCount) * 1e9);
  });

  test('a window larger than the limit is kept whole, alone', () => {
    const ring = new SampleRing({ rows: 100, spanNs: Number.POSITIVE_INFINITY });
    ring.append(windowOf(0, 50));
    const large = windowOf(1, 250);
    ring.append(large);
    expect(read(ring.published())).toEqual(readAsPut([large]));
  });

  test('what was published stays as it was, through appending, growing and forgetting', () => {
    const ring = new SampleRing({ rows: 2000, spanNs: Number.POSITIVE_INFINITY });
    const kept: { readonly columns: SampleColumns; readonly asPublished: readonly unknown[] }[] = [];
    for (let index = 0; index < 600; index++) {
      ring.append(windowOf(index, 9));
      if (index % 40 === 0) {
        const columns = ring.published();
        kept.push({ columns, asPublished: read(columns) });
      }
    }
    for (const { columns, asPublished } of kept) expect(read(columns)).toEqual(asPublished);
  });

  test('an empty window counts: time passed, and nothing ran', () => {
    const ring = new SampleRing(NO_LIMITS);
    ring.append(windowOf(0, 0));
    expect(ring.published()).toMatchObject({ windowCount: 1, rowCount: 0 });
  });
});
