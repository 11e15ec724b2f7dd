import { describe, expect, test } from 'vitest';
import { CallsMaker, GroupNames } from '../../../renderer/derive/calls/index.ts';
import { NO_FILTER, parseSearch } from '../../../renderer/derive/index.ts';
import { WHOLE_BOX } from '../../../renderer/store/index.ts';
import { type Column, nextSorting, sortGroups } from '../../../renderer/views/syscalls/columns.ts';
import { whyEmpty } from '../../../renderer/views/syscalls/emptiness.ts';
import { matchesAny } from '../../../renderer/views/syscalls/matches-any.ts';
import { sortErrors } from '../../../renderer/views/syscalls/error-columns.ts';
import { rowFor } from '../../../renderer/widgets/grid.tsx';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { snapshotOf } from '../derive/drawn.ts';

const CALLS = `
  web  read    -       10  60
  web  write   EPIPE   20   5
  sh   read    -       30   1
  sh   openat  ENOENT   ?  40
`;

function made(drawing: string, options: Parameters<typeof signalsFromCalls>[1] = {}) {
  const { probes, tables } = snapshotOf(signalsFromCalls(drawing, options));
  const windows = probes.get('syscalls')!.windows;
  const span = { first: 0, end: windows.windowCount };
  return (filter = NO_FILTER) =>
    new CallsMaker().make({ windows, span, tables, filter, grouping: 'call-process', band: null });
}

describe('order', () => {
  const calls = made(CALLS)();
  const names = new GroupNames(calls.groups, calls.tables);
  const order = (column: Column, direction: 'ascending' | 'descending') =>
    sortGroups(calls.table.present, calls.table, names, { column, direction }).map((group) =>
      names
        .of(group)
        .join(' ')
        .replaceAll(/ \(\d+\)/g, ''),
    );

  test('by number, by name; equals by name', () => {
    expect(order('rate', 'descending')).toEqual(['read web', 'openat sh', 'write web', 'read sh']);
    expect(order('errors', 'descending')).toEqual(['openat sh', 'write web', 'read sh', 'read web']);
    expect(order('name', 'ascending')).toEqual(['openat sh', 'read sh', 'read web', 'write web']);
    expect(order('detail', 'descending')).toEqual(['read web', 'write web', 'openat sh', 'read sh']);
  });

  test('what has no latency comes last, whichever way', () => {
    expect(order('p99', 'descending')).toEqual(['read sh', 'write web', 'read web', 'openat sh']);
    expect(order('p99', 'ascending')).toEqual(['read web', 'write web', 'read sh', 'openat sh']);
  });

  test('a column begins with its greatest, a name with A, and turns around', () => {
    const byRate = { column: 'rate', direction: 'descending' } as const;
    expect(nextSorting(byRate, 'rate').direction).toBe('ascending');
    expect(nextSorting(byRate, 'max').direction).toBe('descending');
    expect(nextSorting(byRate, 'name').direction).toBe('ascending');
  });
});

test('errors of equal rank stay as they came', () => {
  const error = (id: number, errno: string, calls: number) => ({
    row: { id, call: 0, process: 0, errno: 0, calls, ofCalls: 10 },
    texts: { call: 'read', errno, meaning: '', process: '' },
  });
  const errors = [error(0, 'EPIPE', 3), error(1, 'EAGAIN', 3), error(2, 'EIO', 1)];
  const ids = (column: 'rate' | 'errno') =>
    sortErrors(errors, { column, direction: 'ascending' }).map(({ row }) => row.id);
  expect(ids('rate')).toEqual([2, 0, 1]);
  expect(ids('errno')).toEqual([1, 2, 0]);
});

describe('nothing to show says why', () => {
  test('the filter of the window', () => {
    const calls = made(CALLS)({ ...NO_FILTER, process: 77 });
    expect(whyEmpty(calls, { ...WHOLE_BOX, process: 77 }, null)).toMatchObject({
      title: 'No call matches this filter',
      isFiltered: true,
    });
  });

  test('the options of the probe', () => {
    const calls = made('sh read - 3 0', { filtered: 50_000 })();
    expect(whyEmpty(calls, WHOLE_BOX, null).note).toContain('50\u202f000 calls were seen');
  });

  test('a range without a window', () => {
    const { probes, tables } = snapshotOf(signalsFromCalls(CALLS));
    const windows = probes.get('syscalls')!.windows;
    const span = { first: 1, end: 1 };
    const calls = new CallsMaker().make({
      windows,
      span,
      tables,
      band: null,
      filter: NO_FILTER,
      grouping: 'call',
    });
    expect(whyEmpty(calls, WHOLE_BOX, null).title).toBe('Nothing was watched in this range');
  });
});

test.each([
  ['ArrowDown', -1, 5, 0],
  ['ArrowDown', 4, 5, 5],
  ['ArrowUp', -1, 5, 4],
  ['Home', 3, 5, 0],
  ['End', 0, 5, 4],
  ['Enter', 0, 5, null],
  ['ArrowDown', -1, 0, null],
] as const)('%s at row %d of %d goes to %s', (key, at, count, to) => expect(rowFor(key, at, count)).toBe(to));

test.each([
  ['^cat', true],
  ['openat', true],
  ['openat .*cat', true],
  ['^openat$', true],
  ['cat openat', false],
])('search for %s', (text, found) => {
  const term = parseSearch(text);
  expect(term && matchesAny(term, ['openat', 'cat (412)'])).toBe(found);
});
