import { describe, expect, it } from 'vitest';
import { DnsBook, dnsGroups, dnsLines, dnsOutcome } from '../../../renderer/derive/flows/dns/index.ts';
import { DropIds, dropRows } from '../../../renderer/derive/flows/drops/drops.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { dnsWindow, dropWindow, flowDef } from '../../fixtures/flows.ts';
import { QUERY, RESPONSE, writeDns } from '../protocol/dns-writer.ts';
import { BRIDGE, BROKER, snapshotOf, START_NS } from './world.ts';

const RESOLVER = 50;
const NXDOMAIN = 3;
const MS = 1e6;

function query(id: number, name: string) {
  return writeDns({ id, flags: QUERY, questions: [{ name, type: 1 }] });
}

function answer(id: number, name: string, address: readonly number[], code = 0) {
  const answers = address.length > 0 ? [{ name, type: 1, data: address }] : [];
  return writeDns({ id, flags: RESPONSE | code, questions: [{ name, type: 1 }], answers });
}

const at = (ms: number) => START_NS + ms * MS;
const FIRST = dnsWindow(at(0), at(1000), [
  // As CPUs hand them over: not in the order of time.
  { thread: BRIDGE, flow: RESOLVER, at: at(130), incoming: 1, message: answer(7, 'cloud.example', [203, 0, 113, 41]) },
  { thread: BRIDGE, flow: RESOLVER, at: at(100), incoming: 0, message: query(7, 'cloud.example') },
  { thread: BROKER, flow: RESOLVER, at: at(200), incoming: 0, message: query(8, 'typo.exmaple') },
  { thread: BROKER, flow: RESOLVER, at: at(260), incoming: 1, message: answer(8, 'typo.exmaple', [], NXDOMAIN) },
  { thread: BROKER, flow: RESOLVER, at: at(300), incoming: 0, message: query(9, 'gone.example') },
]);
const SECOND = dnsWindow(at(1000), at(2000), [
  { thread: BRIDGE, flow: RESOLVER, at: at(1500), incoming: 0, message: query(10, 'cloud.example') },
  // Nobody asked for this.
  { thread: BRIDGE, flow: RESOLVER, at: at(1600), incoming: 1, message: answer(99, 'bank.example', [6, 6, 6, 6]) },
]);
const DEFINED = definitionsOf({ flows: [flowDef({ id: RESOLVER, protocol: 17, remotePort: 53 })] });

function seenOf(...windows: readonly ReturnType<typeof dnsWindow>[]) {
  const snapshot = snapshotOf([], [DEFINED, ...windows]);
  const seen = new DnsBook().update(snapshot.probes.get('dns')!.windows, snapshot.tables);
  return { seen, tables: snapshot.tables };
}

describe('DNS', () => {
  const everything = { fromNs: at(0), toNs: at(20_000) };

  it('joins answers to queries, however the rows came', () => {
    const { seen, tables } = seenOf(FIRST, SECOND);
    const lines = dnsLines(seen, tables, everything, { process: null, container: null });
    expect(lines.map(({ exchange, outcome }) => [exchange.question.name, outcome, exchange.latencyNs])).toEqual([
      ['cloud.example', 'answered', 30 * MS],
      ['typo.exmaple', 'failed', 60 * MS],
      ['gone.example', 'unanswered', null],
      ['cloud.example', 'unanswered', null],
    ]);
  });

  it('waits before it says that nobody answered', () => {
    const { seen } = seenOf(FIRST);
    expect(dnsOutcome(seen.exchanges[2]!, at(4000))).toBe('waiting');
    expect(dnsOutcome(seen.exchanges[2]!, at(5400))).toBe('unanswered');
  });

  it('learns names from answers that were asked for, and from no others', () => {
    const { seen } = seenOf(FIRST, SECOND);
    expect([...seen.names]).toEqual([['203.0.113.41', 'cloud.example']]);
  });

  it('reads each message once, whenever it comes', () => {
    const [early, all] = [snapshotOf([], [DEFINED, FIRST]), snapshotOf([], [DEFINED, FIRST, SECOND])];
    const book = new DnsBook();
    const before = book.update(early.probes.get('dns')!.windows, early.tables);
    expect(book.update(early.probes.get('dns')!.windows, early.tables)).toBe(before);
    const after = book.update(all.probes.get('dns')!.windows, all.tables);
    expect(after.exchanges).toEqual(seenOf(FIRST, SECOND).seen.exchanges);
  });

  it('filters by process and adds up by name', () => {
    const { seen, tables } = seenOf(FIRST, SECOND);
    const ofBroker = dnsLines(seen, tables, everything, { process: 1, container: null });
    expect(ofBroker.map(({ exchange }) => exchange.question.name)).toEqual(['typo.exmaple', 'gone.example']);
    const lines = dnsLines(seen, tables, everything, { process: null, container: null });
    const [first] = dnsGroups(lines, new Map(), ({ exchange }) => exchange.question.name);
    expect(first).toMatchObject({ text: 'cloud.example', queries: 2, answered: 1, unanswered: 1, p50Ns: 30 * MS });
  });
});

describe('drops', () => {
  const windows = snapshotOf(
    [],
    [
      dropWindow(at(0), at(1000), [
        { where: 1, cause: 'NO_SOCKET', packets: 3 },
        { where: 3, cause: 'UdpRcvbufErrors', packets: 2 },
      ]),
      dropWindow(at(1000), at(2000), [{ where: 1, cause: 'NO_SOCKET', packets: 4 }]),
    ],
  ).probes.get('net-drops')!.windows;

  it('adds up by cause, with rates over time, under numbers that stay', () => {
    const ids = new DropIds();
    const rows = dropRows(windows, { first: 0, end: 2 }, ids);
    expect(rows.map(({ where, cause, packets, rates }) => [where, cause, packets, [...rates]])).toEqual([
      [1, 'NO_SOCKET', 7, [3, 4]],
      [3, 'UdpRcvbufErrors', 2, [2, 0]],
    ]);
    expect(dropRows(windows, { first: 1, end: 2 }, ids)).toMatchObject([{ id: rows[0]!.id, packets: 4 }]);
  });
});
