import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DefinitionsSignal } from '../../../remote-agent/protocol/index.ts';
import { timeColumns } from '../../../renderer/derive/calls/index.ts';
import {
  filterValues,
  flowMap,
  FlowsMaker,
  healthOf,
  momentsOf,
  OTHERS,
  ownerText,
  parseFilter,
  throughput,
} from '../../../renderer/derive/flows/index.ts';
import { detailText } from '../../../renderer/views/network/moments/moment-columns.ts';
import { flowDef, flowWindow, type MadeFlowRow } from '../../fixtures/flows.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { flowsOf, SECONDS, type Seconds, shownIds, snapshotOf, START_NS } from './world.ts';

const whole = { fromNs: START_NS, toNs: START_NS + 3e9 };

describe('totals', () => {
  const { world } = flowsOf(snapshotOf());
  const at = (id: number) => world.totals.placeOf[id]!;

  it('adds up what is a sum, keeps the newest and the least of the others', () => {
    const { totals } = world;
    expect([totals.sent[at(1)], totals.received[at(1)], totals.packetsReceived[at(1)]]).toEqual([30, 300, 5]);
    expect([totals.rttNs[at(1)], totals.rttMinNs[at(1)], totals.retransmits[at(1)]]).toEqual([7e6, 3e6, 1]);
    expect([totals.state[at(2)], totals.rttNs[at(2)], totals.connectNs[at(2)]]).toEqual([7, 80e6, 81e6]);
    expect([totals.errno[at(3)], totals.closedNs[at(3)]]).toEqual([111, START_NS + 2.2e9]);
  });

  it('knows since when a state holds, and how old a flow is', () => {
    expect(world.totals.stateSinceNs[at(2)]).toBe(START_NS + 2e9);
    expect(world.ageNs(at(2))).toBe(1.5e9);
    expect(world.ageNs(at(1))).toBe(3e9);
  });

  it('is the same whatever was made before with the same maker', () => {
    const snapshot = snapshotOf();
    const maker = new FlowsMaker();
    for (const span of [
      { first: 0, end: 1 },
      { first: 1, end: 3 },
      { first: 0, end: 3 },
    ]) {
      const [used, fresh] = [flowsOf(snapshot, { span }, maker), flowsOf(snapshot, { span })];
      expect(used.world.totals).toEqual(fresh.world.totals);
      expect(used.list).toEqual(fresh.list);
    }
  });

  it('agrees with adding up row by row', () => {
    const row = fc.record({
      flow: fc.integer({ min: 1, max: 6 }),
      sent: fc.nat(1000),
      'rtt-min': fc.nat(3),
      rtt: fc.nat(3),
    });
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(row, { selector: ({ flow }) => flow, maxLength: 6 }), { maxLength: 6 }),
        (seconds) => {
          const { totals } = flowsOf(snapshotOf(seconds)).world;
          for (let id = 1; id <= 6; id++) {
            const rows = seconds.flat().filter(({ flow }) => flow === id);
            const place = totals.placeOf[id] ?? -1;
            expect(place >= 0).toBe(rows.length > 0);
            if (place < 0) continue;
            expect(totals.sent[place]).toBe(rows.reduce((sum, { sent }) => sum + sent, 0));
            expect(totals.rttNs[place]).toBe(rows.findLast(({ rtt }) => rtt > 0)?.rtt ?? 0);
            const least = rows.map((each) => each['rtt-min']).filter((each) => each > 0);
            expect(totals.rttMinNs[place]).toBe(least.length > 0 ? Math.min(...least) : 0);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('silent connections', () => {
  it('are there while they are open, with nothing added up', () => {
    const flows = flowsOf(snapshotOf(), { span: { first: 2, end: 3 } });
    expect(shownIds(flows)).toEqual([1, 2, 3, 4]);
    const { totals } = flows.world;
    const place = totals.placeOf[1]!;
    expect([totals.sent[place], totals.state[place], totals.rttNs[place]]).toEqual([0, 1, 7e6]);
  });

  it('are gone once they were closed', () => {
    const seconds = [...SECONDS, [{ flow: 1, state: 1, sent: 1 }]];
    expect(shownIds(flowsOf(snapshotOf(seconds), { span: { first: 3, end: 4 } }))).toEqual([1, 4]);
  });

  it('are forgotten where the probe was away: it begins anew', () => {
    const late = flowWindow(START_NS + 60e9, START_NS + 61e9, [{ flow: 2, state: 1, sent: 1 }]);
    const flows = flowsOf(snapshotOf(SECONDS, [late]), { span: { first: 3, end: 4 } });
    expect(shownIds(flows)).toEqual([2]);
  });
});

describe('what is shown', () => {
  const snapshot = snapshotOf();
  const shown = (text: string) => shownIds(flowsOf(snapshot, { filter: parseFilter(text) }));

  it('leaves Sonde’s own connection out and says what it carried', () => {
    const { list } = flowsOf(snapshot);
    expect([list.ownFlows, list.ownBytes, list.shown.length]).toEqual([1, 550, 4]);
    expect(shownIds(flowsOf(snapshot, { hidesOwn: false }))).toEqual([1, 2, 3, 4, 5]);
  });

  it('leaves out what was found to be Sonde’s own later, in the whole of its life', () => {
    const found = [{ flow: 1, own: 1 }];
    const flows = flowsOf(snapshotOf([...SECONDS, found]), { span: { first: 0, end: 2 } });
    expect([flows.list.ownFlows, flows.list.ownBytes]).toEqual([2, 880]);
    expect(shownIds(flows)).toEqual([2, 4]);
  });

  it.each([
    ['port:1883', [1, 4]],
    ['lport:1883', [1, 4]],
    ['rport:1883', []],
    ['dport:1883', [1, 4]],
    ['sport:50000-50010', [1]],
    ['proc:bridge', [2, 3]],
    ['-proc:bridge', [1, 4]],
    ['proc:102', [2, 3]],
    ['proc:10', []],
    ['container:host', [1, 2, 3, 4]],
    ['state:established', [1]],
    ['state:open', [1, 4]],
    ['closed:yes', [2, 3]],
    ['dir:in,listening', [1, 4]],
    ['proto:udp', []],
    ['ip:10.0.0.0/24', [1, 2, 3]],
    ['remote:10.0.0.0/24', [1, 3]],
    ['remote:cloud', [2]],
    ['name:/^cloud/', [2]],
    ['host:203.0', [2]],
    ['bytes:>1kB', [2]],
    ['retrans:>0', [1]],
    ['rtt:>50ms', [2]],
    ['rtt:<1s', [1, 2]],
    ['error:any', [3]],
    ['error:refused', [3]],
    ['age:<2s', [2, 3]],
    ['cloud', [2]],
    ['"10.0.0.31:50001"', [1]],
    ['port:1883 state:established', [1]],
    ['/broker|cloud/', [1, 2, 4]],
  ])('%s', (text, ids) => {
    expect(parseFilter(text).errors).toEqual([]);
    expect(shown(text)).toEqual(ids);
  });

  it('follows the shared filter of processes', () => {
    expect(shownIds(flowsOf(snapshot, { process: 2 }))).toEqual([2, 3]);
  });

  it('offers the values there are', () => {
    const values = filterValues(flowsOf(snapshot).world);
    expect(values('proc').map(({ text }) => text)).toEqual(['bridge', 'broker', 'unknown']);
    expect(values('dport').map(({ text }) => text)).toContain('1883');
    expect(values('state').map(({ text }) => text)).toContain('established');
  });
});

describe('the map', () => {
  const { world, list } = flowsOf(snapshotOf());

  it('puts processes on the left, remote ends on the right, greatest first, and nobody who only listens', () => {
    const map = flowMap(world, list, 'name', 10);
    expect(map.left.map(({ text, bytes }) => [text, bytes])).toEqual([
      ['bridge (102)', 3001],
      ['broker (101)', 330],
    ]);
    expect(map.right.map(({ text }) => text)).toEqual(['cloud.example', '10.0.0.31', '10.0.0.99']);
    expect(map.links.map(({ left, right, health }) => [left, right, health])).toEqual([
      [0, 0, 0],
      [1, 1, 2],
      [0, 2, 2],
    ]);
    expect(map.bytes).toBe(3331);
  });

  it('groups by subnet', () => {
    expect(flowMap(world, list, 'subnet', 10).right.map(({ text }) => text)).toEqual(['203.0.113.0/24', '10.0.0.0/24']);
  });

  it('of many, shows the greatest and all others as one, with nothing lost', () => {
    const count = 5000;
    const flows = Array.from({ length: count }, (_, i) =>
      flowDef({ id: 10 + i, remoteAddress: `10.${1 + (i >> 8)}.${i & 255}.7`, remotePort: 443 }),
    );
    const rows = flows.map(({ id }, i): MadeFlowRow => ({ flow: id, thread: 1 + (i % 2), state: 1, sent: i + 1 }));
    const window = flowWindow(START_NS + 3e9, START_NS + 4e9, rows);
    const many = flowsOf(snapshotOf([], [definitionsOf({ flows }), window]));
    const map = flowMap(many.world, many.list, 'address', 12);
    expect(map.right).toHaveLength(12);
    expect(map.right.at(-1)).toMatchObject({ key: OTHERS, members: count - 11, text: '4989 other remote ends' });
    expect(map.bytes).toBe((count * (count + 1)) / 2);
    expect(map.right.reduce((sum, { flows: n }) => sum + n, 0)).toBe(count);
  });
});

describe('health', () => {
  const fine = { packetsSent: 1000, retransmits: 0, resets: 0, failures: 0, flows: 10, rttNs: 1e6 };
  it('is what the worst of its signs says', () => {
    expect(healthOf(fine)).toBe(0);
    expect(healthOf({ ...fine, retransmits: 20 })).toBe(1);
    expect(healthOf({ ...fine, retransmits: 60 })).toBe(2);
    expect(healthOf({ ...fine, rttNs: 200e6 })).toBe(1);
    expect(healthOf({ ...fine, failures: 3 })).toBe(2);
  });
});

describe('throughput', () => {
  const flows = flowsOf(snapshotOf());
  const time = timeColumns(flows.columns, flows.span, 100);

  it('stacks bytes by who talks, per second', () => {
    const { series } = throughput(flows.columns, flows.world, flows.list, time, 'process', 'name');
    expect(series.map(({ text, bytesPerSecond }) => [text, [...bytesPerSecond]])).toEqual([
      ['bridge (102)', [0, 3000, 1]],
      ['broker (101)', [110, 220, 0]],
    ]);
  });

  it('says how well it got through', () => {
    const { retransmits, rttNs } = throughput(flows.columns, flows.world, flows.list, time, 'remote', 'name');
    expect([...retransmits]).toEqual([0, 1, 0]);
    expect(rttNs[0]).toBe(5e6);
    // Five packets at 7 ms and eight at 80 ms.
    expect(rttNs[1]).toBeCloseTo((5 * 7e6 + 8 * 80e6) / 13, 0);
    expect(rttNs[2]).toBeNaN();
  });
});

describe('moments', () => {
  const { world, list } = flowsOf(snapshotOf());
  const told = (range = whole) =>
    momentsOf(world, list, range).list.map(({ kind, place, atNs, durationNs }) => [
      kind,
      world.totals.flow[place],
      atNs === 0 ? 'before' : Math.round((atNs - START_NS) / 1e6),
      Math.round(durationNs / 1e6),
    ]);

  it('tells of listening sockets, connects, failures and closes in the order of time', () => {
    expect(told()).toEqual([
      ['listen', 4, 'before', 0],
      ['connect', 2, 1181, 81],
      ['fail', 3, 2200, 100],
      ['close', 2, 2600, 1500],
    ]);
  });

  it('keeps to its range, but for what still waits', () => {
    expect(told({ fromNs: START_NS + 2e9, toNs: START_NS + 2.5e9 })).toEqual([
      ['listen', 4, 'before', 0],
      ['fail', 3, 2200, 100],
    ]);
  });

  it('tells of a closed connection how long each part of its life took', () => {
    const closed = { flow: 2, state: 7, connect: 81e6, closing: 250e6, 'close-wait': 200e6, closed: START_NS + 2.6e9 };
    const flows = flowsOf(snapshotOf([[{ flow: 2, state: 1, sent: 1 }], [], [closed]]));
    const close = momentsOf(flows.world, flows.list, whole).list.find(({ kind }) => kind === 'close')!;
    // Opened 1.5 s before.
    expect(detailText(flows.world, close)).toBe(
      'handshake 81.0 ms · established 1.2 s · closing 250 ms (close-wait 200 ms)',
    );
    expect(shownIds(flowsOf(snapshotOf([[closed]]), { filter: parseFilter('closewait:>100ms closing:<1s') }))).toEqual([
      2,
    ]);
  });

  it('tells of a connect without a packet why, and how often within a second', () => {
    const refused = (tries: number) => ({ flow: 3, state: 7, errno: 101, tries, closed: START_NS + 2.2e9 });
    const details = (tries: number) => {
      const flows = flowsOf(snapshotOf([[], [], [refused(tries)]]));
      const { list } = momentsOf(flows.world, flows.list, whole);
      return list.map((moment) => [moment.kind, detailText(flows.world, moment)]);
    };
    expect(details(1)).toEqual([['fail', 'ENETUNREACH (Network is unreachable) · no packet left']]);
    expect(details(1400)).toEqual([
      ['fail', 'ENETUNREACH (Network is unreachable) · 1\u202f400 times · no packet left'],
    ]);
  });

  it('takes a connect that its process gave up for a failure, unless its beginning was not seen', () => {
    const gone = { flow: 3, state: 7, 'packets-sent': 1, closed: START_NS + 2.2e9 };
    const called = { flow: 3, state: 2, 'packets-sent': 1 };
    const kinds = (seconds: Seconds, span = { first: 0, end: 3 }) => {
      const flows = flowsOf(snapshotOf(seconds), { span });
      return momentsOf(flows.world, flows.list, whole).list.map((moment) => [
        moment.kind,
        detailText(flows.world, moment),
      ]);
    };
    expect(kinds([[], [], [called, gone]])).toEqual([['fail', 'given up before there was an answer']]);
    expect(kinds([[], [], [called], [gone]], { first: 3, end: 4 })[0]?.[0]).toBe('connect');
  });
});

describe('a container', () => {
  const broker = { container: 'broker', containerId: '3f2a9c1d77aa' };
  const named = (names: DefinitionsSignal): DefinitionsSignal => ({
    ...names,
    processes: names.processes.map((process) => ({ ...process, ...broker })),
  });
  it('is shown by its name, and found by its id, too', () => {
    const flows = (text: string) => flowsOf(snapshotOf(SECONDS, [], named), { filter: parseFilter(text) });
    expect(shownIds(flows('container:broker'))).toEqual([1, 2, 3, 4]);
    expect(shownIds(flows('container:3f2a'))).toEqual([1, 2, 3, 4]);
    expect(shownIds(flows('container:host'))).toEqual([]);
    const { world, list } = flows('');
    expect(ownerText(world.owner(list.shown[0]!))).toMatch(/^\w+ \(\d+\), container broker \(3f2a9c1d77aa\)$/);
  });
});
