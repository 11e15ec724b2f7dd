/** Rows of net-flows as the loader sends them, and what a client makes of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findProbe,
  type FlowDef,
  type ProbeManifest,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import { FakeProc } from './fake-proc.ts';
import { MappedRows } from './mapped-rows.ts';

const { columns } = findProbe('net-flows') as ProbeManifest;

let proc: FakeProc;
let rows: MappedRows;
beforeEach(() => {
  proc = new FakeProc();
  rows = new MappedRows(proc.root, 'net-flows');
});
afterEach(() => proc.close());

const MQTT = { cookie: 11, opened: 900_000_000 };
const LISTENER = { cookie: 5, direction: 3, local: '0.0.0.0', localPort: 1883, remotePort: 0 };

const windows = () => rows.signals.filter((signal): signal is WindowSignal => signal.kind === 'window');
const flows = (): FlowDef[] => rows.signals.flatMap((signal) => (signal.kind === 'definitions' ? signal.flows : []));

/** Cells by column name, zeros left out; the thread as its process's comm. */
function told(window: WindowSignal | undefined): Record<string, unknown>[] {
  const { threads } = rows.view;
  return Array.from({ length: window?.rows ?? 0 }, (_, row) => {
    const cells = columns.map(({ name }, i) => [name, window?.columns[i]?.[row]] as const);
    return Object.fromEntries(
      cells
        .filter(([, value]) => value !== 0)
        .map(([name, value]) => [name, name === 'thread' ? threads[(value as number) - 1]?.comm : value]),
    );
  });
}

describe('a flow', () => {
  it('has its ends, its owner and its figures', () => {
    proc.put(412, { comm: 'mosquitto' });
    const figures = { state: 1, sent: 100, received: 2 ** 40, packetsSent: 3, packetsReceived: 4, rtt: 40_000_000 };
    rows.batch({
      rows: [
        { flow: MQTT, tgid: 412, comm: 'mosquitto', ...figures },
        { flow: LISTENER, state: 10 },
      ],
    });
    expect(told(windows()[0])).toEqual([
      {
        flow: 1,
        thread: 'mosquitto',
        state: 1,
        sent: 100,
        received: 2 ** 40,
        'packets-sent': 3,
        'packets-received': 4,
        rtt: 40_000_000,
      },
      { flow: 2, state: 10 },
    ]);
    expect(windows()[0]?.counters).toMatchObject({ seen: 7, kept: 7 });
    expect(flows()).toMatchObject([
      { id: 1, direction: 'out', localAddress: '10.0.0.2', remoteAddress: '10.0.0.9', remotePort: 1883 },
      { id: 2, direction: 'listening', localAddress: '0.0.0.0', remoteAddress: '', openedNs: 0 },
    ]);
  });

  it('is told of once, and has one row a window however many the loader sends', () => {
    const packet = { flow: MQTT, tgid: 412, comm: 'mosquitto', packetsSent: 1, sent: 10 };
    rows.batch({ rows: [packet, { ...packet, tgid: 0, comm: '', state: 1 }, { ...packet, state: 4, rttMin: 7000 }] });
    rows.batch({ rows: [{ ...packet, state: 7, closed: 2_000_000_000 }] });
    expect(flows()).toHaveLength(1);
    expect(windows().map(told)).toEqual([
      [{ flow: 1, thread: 'mosquitto', state: 4, sent: 30, 'packets-sent': 3, 'rtt-min': 7000 }],
      [{ flow: 1, thread: 'mosquitto', state: 7, sent: 10, 'packets-sent': 1, closed: 2_000_000_000 }],
    ]);
  });

  it('is of its process, whichever of its threads made the socket', () => {
    proc.put(412, { comm: 'java' });
    const other = { cookie: 12 };
    for (let second = 0; second < 8; second++)
      rows.batch({
        rows: [
          { flow: MQTT, tgid: 412, comm: 'pool-1', packetsSent: 1 },
          { flow: other, tgid: 412, comm: `pool-${second}`, packetsSent: 1 },
        ],
      });
    expect(rows.view.threads.map(({ tid, comm }) => `${tid} ${comm}`)).toEqual(['412 java']);
    expect(rows.view.processes.map(({ comm }) => comm)).toEqual(['java']);
  });

  it('outlives its process, which stays the one it was', () => {
    proc.put(412, { comm: 'java' });
    rows.batch({ rows: [{ flow: MQTT, tgid: 412, comm: 'pool-1', packetsSent: 1 }] });
    proc.remove(412);
    for (let second = 0; second < 12; second++)
      rows.batch({ rows: [{ flow: MQTT, tgid: 412, comm: `pool-${second % 3}`, packetsSent: 1 }] });
    expect(rows.view.processes.map(({ pid, comm }) => `${pid} ${comm}`)).toEqual(['412 java']);
  });

  it('of a process that was never seen alive has the name that is left of it', () => {
    for (let second = 0; second < 12; second++)
      rows.batch({ rows: [{ flow: MQTT, tgid: 412, comm: second % 2 ? 'curl' : 'pool', packetsSent: 1 }] });
    expect(rows.view.processes.map(({ pid, comm }) => `${pid} ${comm}`)).toEqual(['412 pool']);
  });

  it('that nobody owns is no process', () => {
    rows.batch({ rows: [{ flow: MQTT, packetsSent: 1 }] });
    expect(told(windows()[0])).toEqual([{ flow: 1, 'packets-sent': 1 }]);
    expect(rows.view.processes).toEqual([]);
  });

  it('that has no place is counted by all its packets', () => {
    rows.dictionary.isFrozen = true;
    rows.batch({ rows: [{ flow: MQTT, packetsSent: 3, packetsReceived: 4 }] });
    expect(windows()[0]).toMatchObject({
      rows: 0,
      counters: { seen: 7, kept: 0, lost: [{ cause: 'spool-full', count: 7 }] },
    });
  });

  it('whose owner has no place keeps its figures', () => {
    rows.batch({ rows: [{ flow: MQTT, packetsSent: 1 }] });
    rows.dictionary.isFrozen = true;
    rows.batch({ rows: [{ flow: MQTT, tgid: 412, comm: 'new', packetsSent: 2 }] });
    expect(told(windows()[1])).toEqual([{ flow: 1, 'packets-sent': 2 }]);
  });

  it('comes back under a new id after its end', () => {
    for (let second = 0; second < 6; second++)
      rows.batch({ rows: second === 0 ? [{ flow: MQTT, closed: 1, packetsSent: 1 }] : [] });
    rows.batch({ rows: [{ flow: MQTT, packetsSent: 1 }] });
    expect(flows().map(({ id }) => id)).toEqual([1, 2]);
  });
});
