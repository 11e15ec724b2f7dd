import { describe, expect, test } from 'vitest';
import { FaultError } from '../../../remote-agent/protocol/fault.ts';
import type { FlowDef } from '../../../remote-agent/protocol/signal.ts';
import { FlowTable } from '../../../renderer/store/flow-table.ts';
import { SessionStore } from '../../../renderer/store/index.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { flowDef, flowWindow } from '../../fixtures/flows.ts';
import { HandClock } from './hand-clock.ts';

const ODD: FlowDef[] = [
  flowDef({ id: 1 }),
  flowDef({ id: 2, protocol: 58, direction: 'in', family: 6, localAddress: '::1', remoteAddress: '2001:db8::1' }),
  flowDef({ id: 7, direction: 'listening', localPort: 65_535, remotePort: 65_535, remoteAddress: '', isOwn: true }),
  flowDef({ id: 9, direction: 'unknown', family: 0, localAddress: '', remoteAddress: '', isOthers: true, netns: 0 }),
  flowDef({ id: 4_294_967_295, localPort: 9, protocol: 255, netns: 4_026_531_840, openedNs: 2 ** 58 }),
];

describe('the table of flows', () => {
  test('gives back what it was given, and nothing else', () => {
    const table = new FlowTable();
    table.add(ODD);
    for (const flow of ODD) expect(table.get(flow.id)).toEqual(flow);
    for (const id of [0, 3, 8, 10, 4_294_967_294]) expect(table.get(id)).toBeUndefined();
  });

  test('refuses ids that do not rise', () => {
    const table = new FlowTable();
    table.add(ODD.slice(0, 3));
    expect(() => table.add([flowDef({ id: 7 })])).toThrow(FaultError);
  });

  test('forgets what no row has, but not what is newer than all rows', () => {
    const table = new FlowTable();
    const all = Array.from({ length: 5000 }, (_, i) =>
      flowDef({ id: i + 1, remoteAddress: `10.9.${i >> 8}.${i & 255}`, netns: i % 3 }),
    );
    table.add(all);
    table.sweep([Uint32Array.of(7, 8, 9, 4000), Uint32Array.of(3000, 9, 99_999)]);
    const kept = [7, 8, 9, 3000, 4000, ...all.slice(4000).map(({ id }) => id)];
    expect(table.count).toBe(kept.length);
    expect(all.filter(({ id }) => table.get(id)).map(({ id }) => id)).toEqual(kept);
    for (const id of kept) expect(table.get(id)).toEqual(all[id - 1]);
    table.add([flowDef({ id: 6000 })]);
    expect(table.get(6000)).toEqual(flowDef({ id: 6000 }));
  });
});

describe('a session of days', () => {
  test('keeps flows that have rows, and few others', () => {
    const clock = new HandClock();
    // Room for 20,000 rows of the 72 bytes that a row of net-flows takes.
    const store = new SessionStore({ bytes: 20_000 * 72, spanNs: Number.POSITIVE_INFINITY }, clock);
    const PER_SECOND = 5000;
    for (let second = 0; second < 60; second++) {
      const ids = Array.from({ length: PER_SECOND }, (_, i) => second * PER_SECOND + i + 2);
      // Flow 1 is there all the time.
      if (second === 0) void store.ingest([definitionsOf({ flows: [flowDef({ id: 1 })] })]);
      const rows = [1, ...ids].map((flow) => ({ flow, 'packets-sent': 1 }));
      void store.ingest([
        definitionsOf({ flows: ids.map((id) => flowDef({ id })) }),
        flowWindow(second * 1e9, second * 1e9 + 1e9, rows),
      ]);
    }
    clock.frame(3000);
    clock.frame();
    const { probes, tables } = store.snapshots.getState();
    const windows = probes.get('net-flows')?.windows;
    const rows = windows?.columns[0]?.subarray(0, windows.rowCount) ?? new Uint32Array();
    expect(rows.length).toBeGreaterThan(10_000);
    for (const id of rows) expect(tables.flows.get(id)?.id).toBe(id);
    expect(tables.flows.get(1)).toEqual(flowDef({ id: 1 }));
    expect(tables.flows.get(2)).toBeUndefined();
    expect((tables.flows as FlowTable).count).toBeLessThan(100_000);
    store.close();
  });

  test('names of addresses come, change and go', () => {
    const clock = new HandClock();
    const store = new SessionStore({ bytes: 1e6, spanNs: 1e12 }, clock);
    const hosts = (address: string, name: string) =>
      definitionsOf({ addressNames: [{ address, name, source: 'hosts' }] });
    void store.ingest([hosts('10.0.0.1', 'a'), hosts('::1', 'localhost'), hosts('10.0.0.1', 'b'), hosts('::1', '')]);
    clock.frame(3000);
    clock.frame();
    expect([...store.snapshots.getState().tables.addressNames.values()]).toEqual([
      { address: '10.0.0.1', name: 'b', source: 'hosts' },
    ]);
    store.close();
  });
});
