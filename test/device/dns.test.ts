// The probe dns on a real kernel: what glibc's resolver asks a server in the same box, and what comes of it.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  addressNames,
  type DnsExchange,
  DnsExchanges,
  dnsCodeName,
  dnsTypeName,
} from '../../remote-agent/protocol/index.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { startDnsServer } from './dns-server.ts';
import { BUILD_AND_BOOT_MS, bpfObjects, bring, LOADER, loaders, sum } from './loader-checks.ts';
import { LoaderSession } from './loader-session.ts';
import { type DnsRow, readDns } from './net-rows.ts';

/** Asks from one socket: family, how often, which port, and how many answers to wait for. */
const ASKER = `
import socket, sys
family, count = (socket.AF_INET6, '::1') if sys.argv[1] == '6' else (socket.AF_INET, '127.0.0.1'), int(sys.argv[2])
s = socket.socket(family[0], socket.SOCK_DGRAM)
s.connect((family[1], int(sys.argv[3])))
for i in range(count):
    s.send(bytes([i >> 8, i & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]) + b'\\5there\\4test\\0' + bytes([0, 28, 0, 1]))
for i in range(int(sys.argv[4])): s.recv(4096)
`;

const KERNELS = [
  ['the usual kernel', {}],
  ['an old kernel without BTF', { kernel: '5.10', hideBtf: true }],
] as const;

const rowsOf = (session: LoaderSession<DnsRow>) => session.batches.flatMap(({ rows }) => rows);

function exchangesOf(rows: readonly DnsRow[]): readonly DnsExchange[] {
  const exchanges = new DnsExchanges();
  for (const { flow, tgid, at, isIncoming, message } of rows.toSorted((a, b) => a.at - b.at))
    exchanges.add({ flow, thread: tgid, atNs: at, isIncoming, isMulticast: false, message });
  return exchanges.all;
}

function told({ question, answer, tries, isServed }: DnsExchange): string {
  const outcome = answer ? dnsCodeName(answer.code) : `no answer to ${tries}`;
  return `${isServed ? 'served' : 'asked'} ${question.name} ${dnsTypeName(question.type)}: ${outcome}`;
}

function expectWhole(session: LoaderSession<DnsRow>): void {
  for (const { rows, counters: c, fromNs, toNs } of session.batches) {
    expect(c.seen).toBe(c.kept + c.filtered + c.lostMapFull + c.lostRateLimit);
    expect(rows).toHaveLength(Number(c.kept));
    for (const { at } of rows) expect(at >= Number(fromNs) && at <= Number(toNs)).toBe(true);
  }
}

describe.each(KERNELS)('DNS messages on %s', (_name, kernel) => {
  let box: Box;
  let clean = '';
  let server = 0;
  beforeAll(async () => {
    box = await bootBox({ ...kernel, log: console.error });
    await bring(box);
    clean = await bpfObjects(box);
    await box.ssh('cat > /tmp/asker.py', { input: ASKER });
    server = await startDnsServer(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());
  afterEach(async () => {
    expect(await loaders(box)).toBe('0');
    expect(await bpfObjects(box)).toBe(clean);
  });

  test('each query has its outcome, at who asked and at who was asked', async () => {
    const session = await LoaderSession.startProbe(box, LOADER, 'dns', 'root', readDns);
    await session.gather(1);
    for (const name of ['there.test.', 'nowhere.test.', 'silent.test.', 'long.test.'])
      await box.ssh(`getent ahostsv4 ${name}`);
    await box.ssh('python3 /tmp/asker.py 6 1 53 1; python3 /tmp/asker.py 4 5 5300 0');
    await session.gather(2);
    expect(await session.end()).toBe(0);
    expectWhole(session);

    const rows = rowsOf(session);
    const exchanges = exchangesOf(rows);
    expect(exchanges.map(told).toSorted()).toEqual(
      ['asked', 'served'].flatMap((who) => [
        `${who} long.test A: NOERROR`,
        `${who} nowhere.test A: NXDOMAIN`,
        `${who} silent.test A: no answer to 2`,
        `${who} there.test A: NOERROR`,
        `${who} there.test AAAA: NOERROR`,
      ]),
    );
    // The server is older than the probe; whoever asked was gone before anyone could look.
    for (const { isServed, thread, latencyNs, answer } of exchanges) {
      expect(thread === server).toBe(isServed);
      expect(thread).toBeGreaterThan(0);
      expect(answer ? Number(latencyNs) : 1).toBeGreaterThan(0);
    }
    expect(new Set(rows.map(({ direction, tgid }) => `${direction} ${tgid === server}`))).toEqual(
      new Set(['1 false', '2 true']),
    );
    expect(rows.filter(({ ends }) => ends.includes('[::1]') || ends.startsWith('::1'))).toHaveLength(4);

    const long = rows.filter(({ size }) => size > 512);
    expect(long.map(({ size, message }) => [size, message.flaw])).toEqual([
      [987, 'cut'],
      [987, 'cut'],
    ]);
    expect(long[0]?.message.answers).toHaveLength(30);
    const names = rows.flatMap(({ message }) => addressNames(message).map(({ address, name }) => `${address} ${name}`));
    expect(names).toContain('10.1.2.3 there.test');
    expect(names).toContain('fd00::7 there.test');
  });

  test('more than were asked for are counted, and of others nothing is kept', async () => {
    const session = await LoaderSession.startProbe(box, LOADER, 'dns --per-second 100', 'root', readDns);
    await session.gather(1);
    await box.ssh('python3 /tmp/asker.py 4 1000 53 0');
    await session.gather(2);
    expect(await session.end()).toBe(0);
    expectWhole(session);
    expect(sum(session.batches, 'lostRateLimit')).toBeGreaterThan(0);
    // Every query goes out; what comes in depends on how quick the server is.
    expect(sum(session.batches, 'seen')).toBeGreaterThanOrEqual(1000);
    const seconds = Number((session.batches.at(-1)?.toNs ?? 0n) - (session.batches[0]?.fromNs ?? 0n)) / 1e9;
    expect(sum(session.batches, 'kept')).toBeLessThanOrEqual(100 * Math.ceil(seconds));

    const only = await LoaderSession.startProbe(box, LOADER, `dns --pid ${server}`, 'root', readDns);
    await only.gather(1);
    await box.ssh('python3 /tmp/asker.py 4 3 53 3');
    await only.gather(2);
    expect(await only.end()).toBe(0);
    expectWhole(only);
    expect(rowsOf(only).map(({ tgid, isIncoming }) => [tgid, isIncoming])).toHaveLength(6);
    expect(new Set(rowsOf(only).map(({ tgid }) => tgid))).toEqual(new Set([server]));
    expect(sum(only.batches, 'filtered')).toBe(6);
  });
});
