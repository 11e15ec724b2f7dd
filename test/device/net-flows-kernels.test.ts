// Network flows on kernels of several kinds: an old one without BTF, arm64; filters; what is said where it cannot be.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import {
  addPeer,
  expectWhole,
  flowsOf,
  HERE,
  isFrom,
  PEER,
  serve,
  startFlows,
  theFlow,
  traffic,
} from './flows-checks.ts';
import { BUILD_AND_BOOT_MS, bpfObjects, bring, LOADER, loaders, startInBox, sum } from './loader-checks.ts';
import { readFlowRow } from './flow-rows.ts';
import { LoaderSession } from './loader-session.ts';

const BYTES = 10_000_000;

async function expectExact(box: Box): Promise<void> {
  const session = await startFlows(box);
  await session.gather(1);
  const server = await serve(box, `--address ${PEER} --port 7001 --bytes ${BYTES}`);
  await traffic(box, `stream --address ${PEER} --port 7001 --bytes ${BYTES}`);
  const sent = await traffic<{ datagrams: number; datagramBytes: number }>(
    box,
    `datagrams --address ${PEER} --port 7001 --count 5000`,
  );
  await session.gather(2);
  await server.stop();
  expect(await session.end()).toBe(0);
  expectWhole(session.batches);
  const flows = flowsOf(session.batches);
  for (const end of [HERE, PEER])
    expect(theFlow(flows, isFrom(end))).toMatchObject({ sent: BYTES, received: BYTES, comm: 'flows' });
  const datagrams = theFlow(flows, ({ flow }) => flow.remote === `${PEER}:7001` && flow.protocol === 17);
  expect([datagrams.packetsSent, datagrams.sent]).toEqual([sent.datagrams, sent.datagramBytes]);
}

describe('network flows on an old kernel without BTF', () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ kernel: '5.10', hideBtf: true, log: console.error });
    await bring(box);
    await addPeer(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  test('are counted exactly', () => expectExact(box));

  test('are filtered in the kernel', async () => {
    const server = await serve(box, `--address ${PEER} --port 7002`);
    const ping = (port: number) => `flows pingpong --address ${PEER} --port ${port} --count 100000 --every-ms 20`;
    const pid = await startInBox(box, `exec /opt/workload/${ping(7002)}`);
    const other = await startInBox(box, `exec /opt/workload/${ping(7002)}`);
    try {
      const only = async (args: string) => {
        const session = await startFlows(box, `--interval-ms 300 ${args}`);
        await session.gather(4);
        await session.end();
        expectWhole(session.batches);
        expect(sum(session.batches, 'filtered')).toBeGreaterThan(0);
        return flowsOf(session.batches);
      };
      const byPid = await only(`--pid ${pid}`);
      expect(byPid.map(({ tgid }) => tgid)).toEqual([pid]);
      expect(byPid[0]?.packetsSent).toBeGreaterThan(0);
      const ports = (await only('--port 7002')).map(({ flow }) => `${flow.local} ${flow.remote}`);
      expect(ports.length).toBeGreaterThanOrEqual(5);
      expect(ports.filter((ends) => !ends.includes(':7002'))).toEqual([]);
      await box.ssh(`mkdir -p /sys/fs/cgroup/sonde-test && echo $$ > /sys/fs/cgroup/sonde-test/cgroup.procs
        /opt/workload/${ping(7002)} >/dev/null 2>&1 </dev/null & sleep 1`);
      const inGroup = await only('--cgroup /sonde-test');
      expect(inGroup).toHaveLength(1);
      expect([pid, other, server.pid]).not.toContain(inGroup[0]?.tgid);
      expect(await only('--pid 4194304'), 'a filter that matches nothing').toEqual([]);
    } finally {
      await box.ssh('pkill -x flows');
    }
  });

  const ends: [string, (session: LoaderSession<unknown>) => unknown][] = [
    ['its stdin', (session) => session.end()],
    ['its link', (session) => session.kill()],
    ['its keeper', (session) => box.ssh(`kill -9 ${session.ready?.keeperPid}`)],
  ];
  test.each(ends)('leave the box as it was when the loader ends with %s', async (_name, end) => {
    const session = await startFlows(box);
    await session.gather(2);
    await end(session);
    await expect.poll(() => loaders(box), { timeout: 180_000 }).toBe('0');
    // A program that its last descriptor has left is gone a moment later.
    await expect.poll(() => bpfObjects(box), { timeout: 180_000 }).toBe('');
    expect((await box.ssh('bpftool cgroup tree')).stdout).not.toContain('packet_');
    expectWhole(session.batches as never);
  });

  test('without privilege say so', async () => {
    const session = await LoaderSession.startProbe(box, LOADER, 'net-flows', 'ops', readFlowRow);
    expect(await session.ended).toBe(1);
    expect(session.fault).toMatchObject({ code: 'kernel-no-permission' });
  });
});

describe('network flows on arm64', () => {
  test(
    'are counted exactly',
    async () => {
      const box = await bootBox({ arch: 'arm64', hideBtf: true, log: console.error });
      try {
        await bring(box, 'aarch64');
        await addPeer(box);
        await expectExact(box);
      } finally {
        await box.stop();
      }
    },
    BUILD_AND_BOOT_MS,
  );
});
