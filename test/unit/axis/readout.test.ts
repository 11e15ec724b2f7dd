import { describe, expect, test } from 'vitest';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import type { ProbeData, StoreSnapshot } from '../../../renderer/store/index.ts';
import { axisClock } from '../../../renderer/views/axis/clock.ts';
import { happeningsOf } from '../../../renderer/views/axis/happenings.ts';
import { readoutAt } from '../../../renderer/views/axis/readout-lines.ts';
import { onlyTrack, trackIds, trackOf } from '../../../renderer/views/axis/tracks.ts';
import { S, seriesFrom } from './series.ts';

const probe = (at: number, what: ProbeSignal['what']): ProbeSignal => ({
  kind: 'probe',
  probe: 'syscalls',
  atNs: at * S,
  what,
});
const STARTED = { kind: 'started', options: {}, mapBytes: 0, cpus: 4 } as const;

/** CPU from 0 to 100 s with a hole from 40 to 50; calls from 20 to 40 and from 50 to 60, when the probe was stopped. */
const snapshot = {
  firstNs: 0,
  lastNs: 100 * S,
  series: new Map([
    [
      'cpu',
      seriesFrom(
        [
          [0, 40, 40 * 2 * S],
          [50, 100, 50 * S],
        ],
        'cpu',
      ),
    ],
    [
      'calls',
      seriesFrom([
        [20, 40, 2000],
        [50, 60, 500],
      ]),
    ],
    ['lost', seriesFrom([[50, 60, 30]], 'lost')],
  ]),
  probes: new Map([
    [
      'syscalls',
      { events: [probe(20, STARTED), probe(60, { kind: 'stopped', reason: 'asked to' })] } as unknown as ProbeData,
    ],
  ]),
  notes: [{ kind: 'note', atNs: 45 * S, text: 'the link was away' }],
} as unknown as StoreSnapshot;

const tracks = trackIds(snapshot.series).flatMap((id) => trackOf(id, 4) ?? []);
const happenings = happeningsOf(snapshot);
const at = (second: number) =>
  readoutAt(second * S, S, tracks, snapshot, happenings).map(({ title, text }) => `${title} ${text}`.trim());

describe('what is said of a moment', () => {
  test.each([
    [10, ['CPU 50 %', 'Calls no data for 20 s: it was not running']],
    [30, ['CPU 50 %', 'Calls 100/s']],
    [
      45,
      [
        'CPU no data for 10 s: nothing came from the device',
        'Calls no data for 10 s: nothing came from the device',
        'the link was away',
      ],
    ],
    [55, ['CPU 25 %', 'Calls 50/s', 'Lost 3/s']],
    [60, ['CPU 25 %', 'Calls no data for 40 s: it was not running', 'System calls stopped: asked to']],
    [120, ['CPU not yet', 'Calls not yet']],
  ])('at %d s', (second, lines) => {
    expect(at(second)).toEqual(lines);
  });
});

test('what probes and agent told is in the order of time', () => {
  expect(happenings.map(({ atNs, kind, text }) => [atNs / S, kind, text])).toEqual([
    [20, 'good', 'System calls started'],
    [45, 'note', 'the link was away'],
    [60, 'note', 'System calls stopped: asked to'],
  ]);
});

test('tracks: those that have data; samples stand in for a CPU load nobody measured; one line shows that of the view', () => {
  expect(trackIds(snapshot.series)).toEqual(['cpu', 'calls']);
  const old = new Map([['samples', seriesFrom([[0, 1, 5]], 'samples')]] as const);
  expect(trackIds(old)).toEqual(['samples']);
  expect(onlyTrack(['cpu', 'calls', 'bytes'], 'net-flows')).toEqual(['bytes']);
  expect(onlyTrack(['cpu', 'calls'], 'net-flows')).toEqual(['cpu']);
  expect(onlyTrack([], 'net-flows')).toEqual([]);
});

test('times by the wall, or from the start, with round ticks either way', () => {
  const start = axisClock('start', 5_000, 1007.3 * S);
  expect(start.text(1067.3 * S)).toBe('1:00');
  expect(start.instant(1008.8 * S)).toBe('0:01.500');
  const range = { fromNs: 1007.3 * S, toNs: 1127.3 * S };
  const ticks = (widthPx: number) => start.ticks(range, widthPx).map((ns) => Math.round(ns / S - 1007.3));
  expect(ticks(900)).toEqual([0, 15, 30, 45, 60, 75, 90, 105, 120]);
  expect(ticks(400)).toEqual([0, 30, 60, 90, 120]);
  expect(ticks(250)).toEqual([0, 60, 120]);
});
