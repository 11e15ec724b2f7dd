import { describe, expect, test } from 'vitest';
import { slowSyscalls } from '../../../remote-agent/protocol/probes/slow-syscalls.ts';
import { checkOptions } from '../../../renderer/app/start/connect-draft.ts';
import {
  callDraft,
  type Draft,
  draftOf,
  failingDraft,
  FIRST_DRAFT,
  optionsOf,
  slowDraft,
} from '../../../renderer/views/syscalls/happening/draft.ts';
import { nextEventSorting, FIRST_EVENT_SORTING } from '../../../renderer/views/syscalls/happening/event-columns.ts';
import { filterWords, optionReader } from '../../../renderer/views/syscalls/happening/filter-words.ts';
import { lossWords } from '../../../renderer/views/syscalls/happening/loss-words.ts';

const check = (draft: Draft) => checkOptions(slowSyscalls, optionsOf(draft));
const words = (options: Readonly<Record<string, string>>) =>
  filterWords(optionReader(options, slowSyscalls.options), (pid) => `mosquitto (${pid})`);

describe('the form', () => {
  test.each([
    ['as it begins', FIRST_DRAFT, { 'min-us': '10000' }],
    ['slow', slowDraft({ ...FIRST_DRAFT, pid: '412', minMs: '3' }), { pid: '412', 'min-us': '10000' }],
    ['failing', failingDraft(FIRST_DRAFT), { 'min-us': '0', errno: 'any' }],
    ['this call', callDraft(FIRST_DRAFT, 'connect', 412), { pid: '412', calls: 'connect', 'min-us': '0' }],
    ['this call of anybody', callDraft(FIRST_DRAFT, 'connect', null), { calls: 'connect', 'min-us': '0' }],
    ['several calls', { ...FIRST_DRAFT, calls: ' openat, connect ,' }, { calls: 'openat,connect', 'min-us': '10000' }],
    ['half a millisecond', { ...FIRST_DRAFT, minMs: '0,5' }, { 'min-us': '500' }],
    [
      'everything',
      {
        pid: '1',
        tid: '2',
        cgroup: '/a.slice',
        calls: 'read',
        minMs: '2.25',
        outcome: 'error',
        errno: 'enoent',
        waiting: true,
        stacks: true,
        perSecond: '50',
        mapMb: '8',
      },
      {
        pid: '1',
        tid: '2',
        cgroup: '/a.slice',
        calls: 'read',
        'min-us': '2250',
        errno: 'ENOENT',
        waiting: '1',
        stacks: '1',
        'per-second': '50',
        'map-mb': '8',
      },
    ],
  ] satisfies [string, Draft, Record<string, string>][])('%s is what the probe takes', (_, draft, options) => {
    expect(check(draft)).toEqual({ options, errors: {} });
  });

  test.each([
    ['pid', { pid: 'mosquitto' }],
    ['min-us', { minMs: 'slow' }],
    ['min-us', { minMs: '3600001' }],
    ['errno', { outcome: 'error', errno: 'not found' }],
    ['calls', { calls: 'open-at' }],
    ['per-second', { perSecond: '0' }],
    ['tid', { tid: '-1' }],
    ['cgroup', { cgroup: 'mosquitto' }],
    ['map-mb', { mapMb: '1' }],
  ] satisfies [string, Partial<Draft>][])('%s is refused: %o', (option, part) => {
    expect(Object.keys(check({ ...FIRST_DRAFT, ...part }).errors)).toEqual([option]);
  });

  test('what runs can be changed: options make the draft that makes them', () => {
    for (const draft of [
      FIRST_DRAFT,
      failingDraft(FIRST_DRAFT),
      callDraft({ ...FIRST_DRAFT, stacks: true }, 'read', 7),
      { ...FIRST_DRAFT, tid: '9', cgroup: '/a.slice', mapMb: '8' },
    ])
      expect(draftOf(check(draft).options)).toEqual(draft);
    expect(draftOf({ errno: 'EAGAIN', 'min-us': '1500' })).toMatchObject({
      outcome: 'error',
      errno: 'EAGAIN',
      minMs: '1.5',
    });
  });
});

describe('the running filter in words', () => {
  test.each([
    [{}, 'calls that took 10 ms or longer, without those that only wait'],
    [{ pid: '412', waiting: '1' }, 'calls of mosquitto (412) that took 10 ms or longer'],
    [{ 'min-us': '0', errno: 'any', waiting: '1' }, 'calls that failed'],
    [
      { calls: 'openat,connect', errno: 'ENOENT', 'min-us': '1500' },
      'openat, connect that failed with ENOENT and took 1.50 ms or longer',
    ],
    [{ calls: 'read', 'min-us': '0', tid: '9' }, 'read of thread 9'],
    [{ calls: 'read', 'min-us': '100000', cgroup: '/a.slice' }, 'read in /a.slice that took 100 ms or longer'],
  ])('%o: %s', (options, text) => {
    expect(words(options)).toBe(text);
  });
});

test('what was not kept is said with its reason', () => {
  const lost = [
    { cause: 'rate-limit', count: 1240 },
    { cause: 'map-full', count: 1 },
  ];
  expect(lossWords(lost, '200')).toEqual([
    '1\u202f240 matching calls were not kept: more than 200 a second',
    '1 matching call was not kept: the kernel table of counts was full',
  ]);
});

test('a press on a head sorts, durations longest first, a second press turns it around', () => {
  const byDuration = nextEventSorting(FIRST_EVENT_SORTING, 'duration');
  expect(byDuration).toEqual({ column: 'duration', direction: 'descending' });
  expect(nextEventSorting(byDuration, 'duration').direction).toBe('ascending');
  expect(nextEventSorting(FIRST_EVENT_SORTING, 'time').direction).toBe('descending');
  expect(nextEventSorting(byDuration, 'time')).toEqual(FIRST_EVENT_SORTING);
});
