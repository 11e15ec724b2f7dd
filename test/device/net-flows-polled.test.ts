// Network flows where programs cannot see packets: asked of sock_diag once a second.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import type { FlowRow } from './flow-rows.ts';
import { addPeer, expectWhole, flowsOf, HERE, PEER, startFlows, STATE, TCP, theFlow, UDP } from './flows-checks.ts';
import { BUILD_AND_BOOT_MS, bpfObjects, bring, loaders, startInBox } from './loader-checks.ts';
import type { LoaderSession } from './loader-session.ts';

const [OLD_PORT, NEW_PORT] = [7001, 7002];
const NEW = 5;
const PATIENT = { timeout: 180_000 };

const flows = (role: string) => `exec /opt/workload/flows ${role} --address ${PEER}`;
const isOf = (local: string, port: number) => (row: FlowRow) =>
  row.flow.protocol === TCP && row.flow.local.startsWith(`${local}:`) && row.flow.remote.endsWith(`:${port}`);

describe('network flows without cgroup2', () => {
  let box: Box;
  let session: LoaderSession<FlowRow>;
  const told = (isIt: (row: FlowRow) => boolean) => flowsOf(session.batches).filter(isIt);
  beforeAll(async () => {
    box = await bootBox({ log: console.error });
    await bring(box);
    await addPeer(box);
    await box.ssh('umount -l /sys/fs/cgroup');
    for (const port of [OLD_PORT, NEW_PORT])
      await startInBox(box, `exec ip netns exec peer /opt/workload/flows serve --address ${PEER} --port ${port}`);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());
  beforeEach(async () => {
    session = await startFlows(box);
  });

  test('say what is missing, and leave nothing in the kernel', async () => {
    await session.gather(2);
    expect(session.notes).toEqual([expect.stringMatching(/^cgroup2 cannot be used on this box/)]);
    expect(await session.end()).toBe(0);
    await expect.poll(() => loaders(box), PATIENT).toBe('0');
    expect(await bpfObjects(box)).toBe('');
  });

  test('are exact as long as they are open, and older ones begin at nothing', async () => {
    await session.end();
    const old = await startInBox(box, flows(`hold --port ${OLD_PORT} --count 1`));
    await expect
      .poll(async () => (await box.ssh(`ss -Htn state established 'dport = :${OLD_PORT}'`)).stdout)
      .not.toBe('');
    session = await startFlows(box);
    await session.gather(1);
    const added = await startInBox(box, flows(`hold --port ${NEW_PORT} --count ${NEW}`));
    await expect
      .poll(
        async () => (await session.gather(1), told(isOf(HERE, NEW_PORT)).map(({ sent, received }) => [sent, received])),
        PATIENT,
      )
      .toEqual(Array.from({ length: NEW }, () => [1, 1]));
    for (const flow of told(isOf(HERE, NEW_PORT)))
      expect(flow).toMatchObject({ state: STATE.established, tgid: added, comm: 'flows', closed: 0 });
    for (const { flow, rtt } of told(isOf(HERE, NEW_PORT))) {
      expect(flow).toMatchObject({ direction: 'out', isOwn: false });
      expect(flow.openedNs).toBeGreaterThan(0n);
      expect(rtt).toBeGreaterThan(0);
    }
    const served = flowsOf(session.batches).filter(
      ({ flow }) => flow.protocol === TCP && flow.local === `${PEER}:${NEW_PORT}`,
    );
    expect(served.filter(({ flow }) => flow.direction === 'in').map(({ sent, received }) => [sent, received])).toEqual(
      Array.from({ length: NEW }, () => [1, 1]),
    );
    expect(served.filter(({ flow }) => flow.direction === 'listening')).toHaveLength(1);
    const before = theFlow(flowsOf(session.batches), isOf(HERE, OLD_PORT));
    expect(before).toMatchObject({ sent: 0, received: 0, state: STATE.established, tgid: old });
    expect(before.flow.openedNs).toBe(0n);
    expect(told(({ flow }) => flow.protocol === UDP && flow.local === `${PEER}:${NEW_PORT}`)).toHaveLength(1);
    await box.ssh(`kill ${old} ${added}`);
    await expect
      .poll(
        async () => (await session.gather(1), told(isOf(HERE, NEW_PORT)).every(({ closed }) => closed > 0)),
        PATIENT,
      )
      .toBe(true);
    await session.end();
    expectWhole(session.batches);
  });

  test('count each byte once, also where the worker is killed', async () => {
    await session.gather(1);
    const ping = await startInBox(box, `${flows('pingpong')} --port ${NEW_PORT} --count 100000 --every-ms 20`);
    for (let i = 0; i < 3; i++) {
      await session.gather(2);
      await box.ssh(`kill -9 ${session.workers.at(-1)?.workerPid ?? session.ready?.workerPid}`);
    }
    await session.gather(2);
    await box.ssh(`kill -STOP ${ping}`);
    await session.gather(2);
    const said = (await box.ssh(`ss -Htni 'dport = :${NEW_PORT}'`)).stdout;
    // What the kernel had to send twice, on a busy host, is counted once.
    const figure = (name: string) => Number(new RegExp(`\\b${name}:(\\d+)`).exec(said)?.[1] ?? 0);
    const sent = figure('bytes_sent') - figure('bytes_retrans');
    expect(sent).toBeGreaterThan(0);
    expect(theFlow(flowsOf(session.batches), (row) => isOf(HERE, NEW_PORT)(row) && row.closed === 0)).toMatchObject({
      sent,
      received: 1, // what the server answers
      tgid: ping,
    });
    expect(session.workers).toHaveLength(3);
    await box.ssh(`kill -CONT ${ping}; kill ${ping}`);
    await session.end();
    expectWhole(session.batches);
  });

  test('are filtered', async () => {
    await session.end();
    session = await startFlows(box, `--port ${OLD_PORT}`);
    const hold = await startInBox(box, flows(`hold --port ${NEW_PORT} --count 2`));
    const wanted = await startInBox(box, flows(`hold --port ${OLD_PORT} --count 2`));
    await expect.poll(async () => (await session.gather(1), told(isOf(HERE, OLD_PORT)).length), PATIENT).toBe(2);
    await box.ssh(`kill ${hold} ${wanted}`);
    await session.end();
    expect(told(isOf(HERE, NEW_PORT))).toEqual([]);
    expectWhole(session.batches);
    expect(session.batches.some(({ counters }) => counters.filtered > 0n)).toBe(true);
  });
});
