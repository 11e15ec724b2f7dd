/** Another range of a long recording takes the place of what is shown, all at once. */
import { expect, test } from 'vitest';
import type { CostSignal, Signal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { REPLAY_LIMITS, SessionStore } from '../../../renderer/store/index.ts';
import { sampleColumns } from '../../../renderer/derive/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { HandClock } from './hand-clock.ts';

const SIGNALS = signalsFromStacks('nginx;main 3\nnginx;main;loop 2 @1\nsh;main 1 @2', { lost: { 'map-full': 4 } });
const isData = (signal: Signal): signal is WindowSignal | CostSignal =>
  signal.kind === 'window' || signal.kind === 'cost';
const TABLES = SIGNALS.filter((signal) => !isData(signal));
const DATA = SIGNALS.filter(isData);

function setup() {
  const clock = new HandClock();
  const store = new SessionStore(REPLAY_LIMITS, clock);
  const shown = () => {
    clock.frame(3000);
    clock.frame();
    const snapshot = store.snapshots.getState();
    const profile = snapshot.probes.get('cpu-profile');
    if (!profile) throw new Error('a probe has no place');
    return { snapshot, profile, windows: [...profile.windows.windowFromNs.subarray(0, profile.windows.windowCount)] };
  };
  return { store, shown };
}

test('the old picture stays until the new one is whole; sums, events and tables stay for good', async () => {
  const { store, shown } = setup();
  store.refill('begins');
  await store.ingest([...TABLES, ...DATA]);
  expect(shown().windows).toEqual([]);
  store.refill('ends');
  const first = shown();
  expect(first.windows).toEqual([1000e9, 1001e9, 1002e9]);

  store.refill('begins');
  await store.ingest(DATA.slice(2, 4)); // settles: the host may go on, whatever is drawn
  expect(shown().windows).toEqual([1000e9, 1001e9, 1002e9]);
  expect(shown().profile).toBe(first.profile);
  store.refill('ends');
  const second = shown();
  expect(second.windows).toEqual([1001e9]);
  expect(second.snapshot.costs.map(({ fromNs }) => fromNs)).toEqual([1001e9]);
  expect(second.profile.totals).toEqual(first.profile.totals);
  expect(second.profile.events).toEqual(first.profile.events);
  expect(second.snapshot.tables).toBe(first.snapshot.tables);
  // Whoever made something of the old rows sees that they are gone.
  expect(second.profile.windows.version).toBeGreaterThan(first.profile.windows.version);
  expect(second.profile.windows.rowsForgotten).toBe(first.profile.windows.rowCount);
  expect([...(sampleColumns(second.profile.windows)?.samples.subarray(0, 1) ?? [])]).toEqual([2]);
});

test('a second beginning drops what came since the first', async () => {
  const { store, shown } = setup();
  store.refill('begins');
  await store.ingest([...TABLES, ...DATA]);
  store.refill('ends');
  store.refill('begins');
  await store.ingest(DATA.slice(0, 2));
  store.refill('begins');
  await store.ingest(DATA.slice(4, 6));
  store.refill('ends');
  expect(shown().windows).toEqual([1002e9]);
});

test('tracks are made of what comes, or given for all of a long recording', async () => {
  const { store, shown } = setup();
  void store.ingest(SIGNALS);
  const { snapshot } = shown();
  const values = (id: 'samples' | 'lost' | 'cpu') => {
    const series = snapshot.series.get(id);
    return [...(series?.value.subarray(0, series.count) ?? [])];
  };
  expect(values('samples')).toEqual([3, 2, 1]);
  expect(values('lost')).toEqual([4, 0, 0]);
  expect(values('cpu')).toEqual([3e8, 3e8, 3e8]);
  expect([...snapshot.series.values()].find(({ id }) => id === 'calls')?.count).toBe(0);
  const fromNs = Float64Array.of(500e9, 501e9);
  const toNs = Float64Array.of(501e9, 2000e9);
  store.setSeries([{ id: 'samples', count: 2, fromNs, toNs, value: Float64Array.of(7, 8) }]);
  const given = shown().snapshot;
  expect([...(given.series.get('samples')?.value ?? [])]).toEqual([7, 8]);
  expect([given.firstNs, given.lastNs]).toEqual([500e9, 2000e9]);
});
