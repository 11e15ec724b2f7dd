// Network flows beside programs that know their own figures, on a box with a peer behind a cable.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import {
  addPeer,
  expectWhole,
  flowsOf,
  HERE,
  isFrom,
  mendLine,
  PEER,
  PEER6,
  serve,
  spoilLine,
  startFlows,
  STATE,
  TCP,
  theFlow,
  traffic,
  UDP,
} from './flows-checks.ts';
import type { FlowRow } from './flow-rows.ts';
import { BUILD_AND_BOOT_MS, bpfObjects, bring, loaders, startInBox, sum } from './loader-checks.ts';

const HUNDRED_MB = 100_000_000;
const ECONNREFUSED = 111;
const NS_PER_US = 1000;

describe('network flows', () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ log: console.error });
    await bring(box);
    await addPeer(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  test('counts 100 MB each way over TCP exactly, at both ends', async () => {
    const before = await bpfObjects(box);
    const session = await startFlows(box);
    await session.gather(1);
    const server = await serve(box, `--address ${PEER} --port 7001 --bytes ${HUNDRED_MB}`);
    const figures = await traffic(box, `stream --address ${PEER} --port 7001 --bytes ${HUNDRED_MB}`);
    await session.gather(2);
    await server.stop();
    expect(await session.end()).toBe(0);
    expectWhole(session.batches);
    expect(sum(session.batches, 'lostMapFull')).toBe(0);
    const flows = flowsOf(session.batches);
    const out = theFlow(flows, isFrom(HERE));
    const back = theFlow(flows, isFrom(PEER));
    for (const flow of [out, back])
      expect(flow).toMatchObject({
        sent: HUNDRED_MB,
        received: HUNDRED_MB,
        state: STATE.close,
        errno: 0,
        resets: 0,
        comm: 'flows',
      });
    expect(out.retransmits).toBe(figures.retransmits);
    // Its last packets come after it asked.
    expect(out.packetsSent - figures.segmentsOut).toBeLessThan(4);
    expect([out.flow.direction, back.flow.direction]).toEqual(['out', 'in']);
    expect(out.connect).toBeGreaterThan(0);
    expect(out.closed).toBeGreaterThan(Number(out.flow.openedNs));
    expect(back.tgid).toBe(server.pid);
    expect(await bpfObjects(box)).toBe(before);
    expect(await loaders(box)).toBe('0');
  });

  test.each([
    ['IPv4', PEER],
    ['IPv6', PEER6],
  ])('counts 100,000 datagrams exactly, over %s', async (_name, peer) => {
    const session = await startFlows(box);
    await session.gather(1);
    const server = await serve(box, `--address ${peer} --port 7002`);
    const sent = await traffic<{ datagrams: number; datagramBytes: number }>(
      box,
      `datagrams --address ${peer} --port 7002 --count 100000`,
    );
    await session.gather(2);
    const got = await server.stop();
    await session.end();
    expectWhole(session.batches);
    const flows = flowsOf(session.batches).filter(({ flow }) => flow.protocol === UDP);
    const out = theFlow(flows, ({ flow }) => flow.remote.endsWith(':7002') && flow.direction === 'out');
    const back = theFlow(flows, ({ flow }) => flow.local.endsWith(':7002') && flow.direction === 'in');
    expect([out.packetsSent, out.sent]).toEqual([sent.datagrams, sent.datagramBytes]);
    expect([back.packetsReceived, back.received]).toEqual([got.datagrams, got.datagramBytes]);
    expect(got).toMatchObject({ datagrams: sent.datagrams, datagramBytes: sent.datagramBytes });
  });

  test('agrees with the kernel about a line that is slow and loses packets', async () => {
    await spoilLine(box, 40, 2);
    try {
      const session = await startFlows(box);
      await session.gather(1);
      const server = await serve(box, `--address ${PEER} --port 7003 --bytes 3000000`);
      const counted = async () =>
        Number(/TcpRetransSegs\s+(\d+)/.exec((await box.ssh('nstat -asz TcpRetransSegs')).stdout)?.[1]);
      const before = await counted();
      await traffic(box, `stream --address ${PEER} --port 7003 --bytes 3000000`);
      await session.gather(2);
      const retransmits = (await counted()) - before;
      const paced = await traffic(box, `pingpong --address ${PEER} --port 7003 --count 60 --every-ms 150`);
      await session.gather(2);
      await server.stop();
      await session.end();
      expectWhole(session.batches);
      const flows = flowsOf(session.batches).filter(isFrom(HERE));
      const stream = theFlow(flows, ({ sent }) => sent > 1000);
      expect([stream.sent, stream.received]).toEqual([3_000_000, 3_000_000]);
      expect(retransmits).toBeGreaterThan(10);
      expect(Math.abs(stream.retransmits - retransmits)).toBeLessThanOrEqual(retransmits / 100);
      expect(stream.outOfOrder).toBeGreaterThan(0);
      const pings = theFlow(flows, ({ sent }) => sent === 60);
      expect(pings.retransmits).toBeGreaterThanOrEqual(paced.retransmits);
      // The kernel's may still fall with the last answers, after the program asked.
      expect(pings.rttMin).toBeLessThanOrEqual(paced.minRttUs * NS_PER_US);
      expect(pings.rttMin / (paced.minRttUs * NS_PER_US)).toBeGreaterThan(0.95);
      // The connection's end is measured too: as the program asked is how its last row was before that.
      const rows = session.batches.flatMap((batch) => batch.rows.filter(({ flow }) => flow.id === pings.flow.id));
      const asked = rows.findLast(({ state }) => state === STATE.established);
      expect(Math.abs(Number(asked?.rtt) / (paced.rttUs * NS_PER_US) - 1)).toBeLessThan(0.1);
      expect(pings.rttMin / 40e6).toBeGreaterThan(0.99);
    } finally {
      await mendLine(box);
    }
  });

  test('tells connections that nobody wanted', async () => {
    const session = await startFlows(box);
    await session.gather(1);
    expect(await traffic(box, `stream --address ${PEER} --port 7999`)).toEqual({ errno: ECONNREFUSED });
    await session.gather(2);
    await session.end();
    const refused = theFlow(flowsOf(session.batches), ({ flow }) => flow.remote === `${PEER}:7999`);
    expect(refused).toMatchObject({ errno: ECONNREFUSED, resets: 1, sent: 0, state: STATE.close, comm: 'flows' });
    expect(refused.closed).toBeGreaterThan(0);
  });

  test('knows what was there before it, with owners, and that it ends', async () => {
    const server = await serve(box, `--address ${PEER} --port 7004`);
    const holder = await startInBox(box, `exec /opt/workload/flows hold --address ${PEER} --port 7004 --count 3`);
    await expect.poll(async () => (await box.ssh('ss -Htn dport = 7004 | wc -l')).stdout.trim()).toBe('3');
    const session = await startFlows(box);
    await session.gather(2);
    const early = flowsOf(session.batches);
    const held = early.filter(({ flow }) => flow.remote === `${PEER}:7004`);
    expect(held).toHaveLength(3);
    for (const row of held)
      expect(row).toMatchObject({ tgid: holder, comm: 'flows', state: STATE.established, packetsSent: 0 });
    expect(held.map(({ flow }) => [flow.direction, flow.openedNs])).toEqual(held.map(() => ['out', 0n]));
    expect(held.every(({ rtt }) => rtt > 0)).toBe(true);
    const accepted = early.filter(({ flow }) => flow.local === `${PEER}:7004` && flow.direction === 'in');
    expect(accepted.map(({ tgid }) => tgid)).toEqual([server.pid, server.pid, server.pid]);
    const listening = theFlow(
      early,
      ({ flow }) => flow.local === `${PEER}:7004` && flow.direction === 'listening' && flow.protocol !== UDP,
    );
    expect(listening).toMatchObject({ tgid: server.pid, state: STATE.listen });
    const namespaces = (await box.ssh(`stat -Lc %i /proc/${holder}/ns/net /proc/${server.pid}/ns/net`)).stdout.trim();
    expect([held[0]?.flow.netns, listening.flow.netns].map(String)).toEqual(namespaces.split('\n'));
    expect(early.filter(({ flow }) => flow.isOwn)).toMatchObject([{ comm: expect.stringContaining('sshd') }]);

    await box.ssh(`kill ${holder}`);
    await server.stop();
    await session.gather(5);
    await session.end();
    expectWhole(session.batches);
    const late = flowsOf(session.batches);
    for (const { flow } of [...held, ...accepted, listening])
      expect(theFlow(late, (row) => row.flow.id === flow.id)).toMatchObject({ state: STATE.close, errno: 0 });
  });

  test('loses and doubles nothing when the worker is killed three times', async () => {
    const session = await startFlows(box, '--interval-ms 200');
    await session.gather(2);
    const server = await serve(box, `--address ${PEER} --port 7005 --bytes 40000000`);
    let isOver = false;
    const streamed = traffic(box, `stream --address ${PEER} --port 7005 --bytes 40000000`).finally(
      () => (isOver = true),
    );
    for (let i = 0; i < 3; i++) {
      const worker = session.workers.at(-1)?.workerPid ?? session.ready?.workerPid;
      expect((await box.ssh(`kill -9 ${worker}`)).code).toBe(0);
      await expect.poll(() => session.workers.length, { timeout: 120_000 }).toBe(i + 1);
      await session.gather(2);
    }
    await streamed;
    expect(isOver).toBe(true);
    await session.gather(2);
    await server.stop();
    await session.end();
    expectWhole(session.batches);
    const flow = theFlow(flowsOf(session.batches), isFrom(HERE));
    expect([flow.sent, flow.received]).toEqual([40_000_000, 40_000_000]);
  });

  test('keeps five thousand connections at once', async () => {
    // Both of their ends are on this box, and all end in one moment: twice the rows that a default window has room for.
    const session = await startFlows(box, '--map-mb 32');
    await session.gather(1);
    const server = await serve(box, `--address ${PEER} --port 7006`);
    const holder = await startInBox(box, `exec /opt/workload/flows hold --address ${PEER} --port 7006 --count 5000`);
    const count = async (states: string) => Number((await box.ssh(`ss -Htn ${states} dport = 7006 | wc -l`)).stdout);
    await expect.poll(() => count('state established'), { timeout: 200_000, interval: 2000 }).toBe(5000);
    await session.gather(2);
    await box.ssh(`kill ${holder}`);
    await expect.poll(() => count('state connected exclude time-wait'), { timeout: 120_000, interval: 1000 }).toBe(0);
    await session.gather(3);
    expect((await server.stop()).connections).toBe(5000);
    await session.end();
    expectWhole(session.batches);
    expect(sum(session.batches, 'lostMapFull')).toBe(0);
    const flows = flowsOf(session.batches);
    const out = flows.filter(({ flow }) => flow.remote === `${PEER}:7006`);
    expect(out).toHaveLength(5000);
    const isWhole = (row: FlowRow) => row.sent === 1 && row.tgid === holder && row.connect > 0 && row.closed > 0;
    expect(out.filter((row) => !isWhole(row))).toEqual([]);
    expect(flows.filter(({ flow }) => flow.isOthers && flow.direction === 'in')).toEqual([]);
  });

  test('with little memory puts what finds no place to the others, and counts it', async () => {
    const session = await startFlows(box, '--map-mb 2');
    await session.gather(1);
    const server = await serve(box, `--address ${PEER} --port 7007`);
    const holder = await startInBox(box, `exec /opt/workload/flows hold --address ${PEER} --port 7007 --count 3000`);
    const open = async () => Number((await box.ssh('ss -Htn dport = 7007 | wc -l')).stdout);
    await expect.poll(open, { timeout: 200_000, interval: 2000 }).toBe(3000);
    await box.ssh(`kill ${holder}`);
    await session.gather(3);
    await server.stop();
    await session.end();
    expect(Number(session.ready?.mapBytes)).toBeLessThanOrEqual(2 << 20);
    expectWhole(session.batches);
    const flows = flowsOf(session.batches);
    const others = flows.filter(({ flow }) => flow.isOthers && flow.protocol === TCP);
    // Resets that no socket sends are of no direction.
    expect(others.map(({ flow }) => flow.direction)).toEqual(expect.arrayContaining(['in', 'out']));
    const mine = [
      ...others,
      ...flows.filter(({ flow }) => flow.local.endsWith(':7007') || flow.remote.endsWith(':7007')),
    ];
    const lost = sum(session.batches, 'lostMapFull');
    const sent = mine.reduce((total, row) => total + row.packetsSent, 0);
    expect(sent + lost).toBeGreaterThan(3000 * 3 * 2 - 1);
  });
});
