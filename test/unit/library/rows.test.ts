/** Which recordings are due to go, and what the library's table shows of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dueForCleanUp, type LibraryEntry } from '../../../electron/bridge/library.ts';
import { nextLibrarySorting, rowOf, shownRows } from '../../../renderer/app/library/rows.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 12);
const DAY_MS = 86_400_000;

function entry(hostname: string, given: Partial<LibraryEntry> & { readonly days?: number } = {}): LibraryEntry {
  const { days = 1, ...more } = given;
  const startedMs = NOW_MS - days * DAY_MS;
  return {
    file: `/r/${hostname}.sonde.mcap`,
    bytes: 100,
    modifiedMs: startedMs,
    note: '',
    isKept: false,
    isOpen: false,
    about: {
      kind: 'read',
      hostname,
      destination: 'root@192.168.1.20',
      startedMs,
      seconds: 60,
      isComplete: true,
      probes: ['cpu-profile'],
      processes: ['mosquitto', 'sshd'],
      topShare: 0.5,
      lost: 0,
      marks: [],
    },
    ...more,
  };
}

const names = (entries: readonly LibraryEntry[]): string[] => entries.map(({ file }) => file.slice(3, -11));

test('without rules nothing goes', () => {
  expect(dueForCleanUp([entry('a', { days: 999 })], { maxBytes: null, maxDays: null }, NOW_MS)).toEqual([]);
});

test('what is too old goes; then the oldest, until the rest fits', () => {
  const all = [entry('c', { days: 1 }), entry('b', { days: 2 }), entry('a', { days: 40 }), entry('d', { days: 0 })];
  expect(names(dueForCleanUp(all, { maxBytes: null, maxDays: 30 }, NOW_MS))).toEqual(['a']);
  expect(names(dueForCleanUp(all, { maxBytes: 200, maxDays: null }, NOW_MS))).toEqual(['a', 'b']);
  expect(names(dueForCleanUp(all, { maxBytes: 200, maxDays: 30 }, NOW_MS))).toEqual(['a', 'b']);
});

test('what is kept, open or not yet looked at never goes, whatever the rules', () => {
  const entries = fc.array(
    fc.record({
      days: fc.integer({ min: 0, max: 400 }),
      bytes: fc.integer({ min: 0, max: 1000 }),
      isKept: fc.boolean(),
      isOpen: fc.boolean(),
    }),
  );
  const limit = fc.option(fc.integer({ min: 0, max: 5000 }));
  fc.assert(
    fc.property(entries, limit, limit, (given, maxBytes, maxDays) => {
      const all = given.map((each, i) => entry(`box-${i}`, each));
      const due = dueForCleanUp(all, { maxBytes, maxDays }, NOW_MS);
      expect(due.filter(({ isKept, isOpen }) => isKept || isOpen)).toEqual([]);
      const free = all.filter((each) => !due.includes(each) && !each.isKept && !each.isOpen);
      const left = all.reduce((sum, { bytes }) => sum + bytes, 0) - due.reduce((sum, { bytes }) => sum + bytes, 0);
      if (maxBytes !== null && free.some(({ bytes }) => bytes > 0)) expect(left).toBeLessThanOrEqual(maxBytes);
    }),
    { seed: 5 },
  );
  const waiting = { ...entry('w', { days: 999 }), about: { kind: 'waiting' } } as const;
  expect(dueForCleanUp([waiting], { maxBytes: 0, maxDays: 1 }, NOW_MS)).toEqual([]);
});

const shown = (entries: readonly LibraryEntry[], search: string): string[] =>
  names(
    shownRows(
      entries.map((each, i) => rowOf(i + 1, each, NOW_MS)),
      search,
      { column: 'started', direction: 'descending' },
    ).map((row) => row.entry),
  );

test.each([
  ['gateway', ['gateway-7']],
  ['MOSQUITTO gateway', ['gateway-7']],
  ['192.168', ['press', 'gateway-7']],
  ['stuck', ['press']],
  ['2026-05-31', ['press']],
  ['gateway stuck', []],
  ['', ['press', 'gateway-7']],
] as const)('a search for "%s"', (search, found) => {
  expect(shown([entry('gateway-7', { days: 3 }), entry('press', { note: 'valve stuck' })], search)).toEqual(found);
});

test('a column is sorted by what is in it, largest and newest first', () => {
  const rows = [entry('a', { bytes: 900 }), entry('b', { bytes: 1000 })].map((each, i) => rowOf(i, each, NOW_MS));
  const first = nextLibrarySorting({ column: 'started', direction: 'descending' }, 'size');
  expect(first).toEqual({ column: 'size', direction: 'descending' });
  expect(names(shownRows(rows, '', first).map((row) => row.entry))).toEqual(['b', 'a']);
  expect(names(shownRows(rows, '', nextLibrarySorting(first, 'size')).map((row) => row.entry))).toEqual(['a', 'b']);
});

test('a file that cannot be read says why in its row', () => {
  const bad = entry('odd', {
    about: { kind: 'unreadable', message: 'cannot open /r/odd.sonde.mcap: not an MCAP file', hint: '' },
  });
  expect(rowOf(1, bad, NOW_MS).texts).toMatchObject({ device: 'odd.sonde.mcap', happened: 'not an MCAP file' });
});
