import { describe, expect, test } from 'vitest';
import { FaultError } from '../../../remote-agent/protocol/fault.ts';
import type { DefinitionsSignal, Signal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { LIVE_LIMITS, SessionStore } from '../../../renderer/store/index.ts';
import { sampleColumns } from '../../../renderer/derive/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { HandClock } from './hand-clock.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';

const STACKS = `
  nginx;main;loop;read_[k] 3
  nginx;main;loop;parse 2 @1
  sh;main 1 @1
`;

function setup() {
  const clock = new HandClock();
  const store = new SessionStore(LIVE_LIMITS, clock);
  let publishes = 0;
  store.snapshots.subscribe(() => publishes++);
  const take = (...signals: readonly Signal[]) => {
    void store.ingest(signals);
    clock.frame(3000);
    clock.frame();
    const snapshot = store.snapshots.getState();
    const profile = snapshot.probes.get('cpu-profile');
    const calls = snapshot.probes.get('syscalls');
    if (!profile || !calls) throw new Error('a probe has no place');
    return { ...snapshot, profile, calls };
  };
  return { clock, store, take, publishes: () => publishes };
}

const NOTHING = definitionsOf({});

describe('session store', () => {
  test('a whole recording: rows, tables, times, costs and totals', () => {
    const { take } = setup();
    const snapshot = take(
      ...signalsFromStacks(STACKS, { hostname: 'box', startNs: 1000e9, idle: 7, lost: { 'map-full': 4 } }),
    );
    expect(snapshot.device?.hostname).toBe('box');
    expect(snapshot.profile.windows).toMatchObject({ rowCount: 3, windowCount: 2 });
    expect([snapshot.firstNs, snapshot.lastNs]).toEqual([1000e9, 1002e9]);
    expect(snapshot.profile.totals).toMatchObject({ kept: 6, idle: 14, lost: [{ cause: 'map-full', count: 4 }] });
    expect(snapshot.costs).toHaveLength(2);
    expect(snapshot.wallOffsetMs).toBe(Date.UTC(2026, 0, 2, 3, 4, 5) - 1_000_000);
    expect(snapshot.profile.events.map(({ what }) => what.kind)).toEqual(['started', 'stopped']);
  });

  test('two probes: windows, loss and events of each by itself, one time axis for both', () => {
    const { take } = setup();
    const calls = signalsFromCalls('sh read - 10 5\nsh openat ENOENT 12 2 @3', {
      lost: { 'map-full': 9 },
      filtered: 1,
    });
    const snapshot = take(...signalsFromStacks(STACKS, { startNs: 999e9, lost: { 'stacks-full': 4 } }), ...calls);
    expect(snapshot.profile.totals).toMatchObject({ kept: 6, lost: [{ cause: 'stacks-full', count: 4 }] });
    expect(snapshot.calls.totals).toMatchObject({ kept: 7, filtered: 4, lost: [{ cause: 'map-full', count: 9 }] });
    expect(snapshot.calls.windows).toMatchObject({ rowCount: 2, windowCount: 4 });
    expect(snapshot.calls.events.map(({ probe }) => probe)).toEqual(['syscalls', 'syscalls']);
    expect([snapshot.firstNs, snapshot.lastNs]).toEqual([999e9, 1004e9]);
  });

  test('what has not changed stays the same object, so that nobody adds it up again', () => {
    const { take } = setup();
    const before = take(...signalsFromStacks(STACKS), ...signalsFromCalls('sh read - 10 5'));
    const [window] = signalsFromStacks(STACKS).filter((signal) => signal.kind === 'window');
    if (!window) throw new Error('the fixture has no window');
    const after = take(window);
    expect(after.profile).not.toBe(before.profile);
    expect(after.calls).toBe(before.calls);
    expect(after.tables).toBe(before.tables);
  });

  test('every stack of every row leads to the root, and names its frames', () => {
    const { take } = setup();
    const { profile, tables } = take(...signalsFromStacks(STACKS));
    const samples = sampleColumns(profile.windows);
    const paths = Array.from({ length: samples.rowCount }, (_, row) => {
      const names: string[] = [];
      for (let node = samples.stack[row] ?? 0; node !== 0; node = tables.stackParents[node] ?? 0) {
        expect(node).toBeLessThan(tables.stackCount);
        names.unshift(tables.frames[tables.stackFrames[node] ?? 0]?.name ?? '?');
      }
      return names.join(';');
    });
    expect(paths).toEqual(['main;loop;read', 'main;loop;parse', 'main']);
  });

  test('publishes nothing without a change, and one snapshot per frame however many batches came', () => {
    const { clock, store, publishes } = setup();
    clock.frame(1000);
    expect(publishes()).toBe(0);
    for (const signal of signalsFromStacks(STACKS)) void store.ingest([signal]);
    clock.frame(1000);
    expect(publishes()).toBe(1);
    expect(store.snapshots.getState().version).toBe(1);
  });

  test('a name that comes late fills its frame in and raises namesVersion only then', () => {
    const { take } = setup();
    const before = take(...signalsFromStacks('app;0x1234@libx.so'));
    const frame = before.tables.frames.findIndex((def) => def?.name === '');
    expect(frame).toBeGreaterThan(0);
    const after = take({ ...NOTHING, names: [{ frame, name: 'decode', interpreted: false }] });
    expect(after.tables.frames[frame]).toMatchObject({ name: 'decode', id: frame });
    expect(after.tables.namesVersion).toBe(before.tables.namesVersion + 1);
  });

  test('a name for a frame nobody has met is no frame', () => {
    const { take } = setup();
    const { tables } = take({ ...NOTHING, names: [{ frame: 9, name: 'ghost', interpreted: false }] });
    expect(tables.frames[9]).toBeUndefined();
  });

  test('ids of another agent run mean something else: everything begins anew', () => {
    const { take } = setup();
    const first = signalsFromStacks(STACKS);
    take(...first);
    const [device] = first;
    if (device?.kind !== 'device') throw new Error('the fixture begins with something else');
    const snapshot = take({ ...device, runId: 'ff' });
    expect(snapshot.profile.windows).toMatchObject({ rowCount: 0, windowCount: 0 });
    expect(snapshot.tables.stackCount).toBe(1);
    expect(snapshot.profile.totals.kept).toBe(0);
  });

  test('the same run said again, as after a reconnection, forgets nothing', () => {
    const { take } = setup();
    const signals = signalsFromStacks(STACKS);
    take(...signals);
    expect(take(...signals.slice(0, 1)).profile.windows.rowCount).toBe(3);
  });

  test('windows of a probe this version does not know are passed over', () => {
    const { take } = setup();
    const [window] = signalsFromStacks(STACKS).filter((signal): signal is WindowSignal => signal.kind === 'window');
    if (!window) throw new Error('the fixture has no window');
    const { profile, calls } = take({ ...window, probe: 'from-the-future' });
    expect([profile.windows.windowCount, calls.windows.windowCount]).toEqual([0, 0]);
  });

  test('an id that no device has is refused by name before anything is made of it', () => {
    const { store } = setup();
    const absurd: DefinitionsSignal = {
      ...NOTHING,
      firstStack: 4e9,
      stackParents: Uint32Array.of(0),
      stackFrames: Uint32Array.of(1),
    };
    expect(() => store.ingest([absurd])).toThrow(FaultError);
  });

  test('costs are bounded, and the array stays the same while there are no new ones', () => {
    const { take } = setup();
    const [cost] = signalsFromStacks('a;b').filter((signal) => signal.kind === 'cost');
    if (cost?.kind !== 'cost') throw new Error('the fixture has no cost');
    const many = Array.from({ length: 9000 }, (_, second) => ({
      ...cost,
      fromNs: second * 1e9,
      toNs: (second + 1) * 1e9,
    }));
    const { costs } = take(...many);
    expect(costs).toHaveLength(7200);
    expect(costs.at(-1)?.toNs).toBe(9000e9);
    expect(take({ kind: 'note', atNs: 0, text: 'hello' }).costs).toBe(costs);
  });
});
