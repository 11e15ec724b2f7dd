// What becomes of TCP connections where programs cannot see packets: why they fail, how long their parts took, and those
// that no look at the sockets saw.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox, type BoxOptions } from './box/boot.mjs';
import { python } from './box-python.ts';
import type { FlowRow } from './flow-rows.ts';
import { addPeer, expectWhole, flowsOf, PEER, startFlows, STATE, theFlow } from './flows-checks.ts';
import { BUILD_AND_BOOT_MS, bring, startInBox } from './loader-checks.ts';

const KERNELS: [string, BoxOptions][] = [
  ['5.10 without BTF', { kernel: '5.10', hideBtf: true }],
  ['6.12', { kernel: '6.12' }],
];
const [ECONNREFUSED, EHOSTUNREACH] = [111, 113];
const PORT = 7301;
const BRIEF = 20;

describe.each(KERNELS)('connections without cgroup2 on Linux %s', (_name, options) => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ ...options, log: console.error });
    await bring(box);
    await addPeer(box);
    await box.ssh('umount -l /sys/fs/cgroup; ip route add unreachable 10.10.1.0/24');
    await startInBox(box, `exec ip netns exec peer /opt/workload/flows serve --address ${PEER} --port ${PORT}`);
    await box.ssh(`until ip netns exec peer ss -Hltn sport = ${PORT} | grep -q .; do sleep 0.2; done`);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  async function watched<T>(lines: string): Promise<{ told: T; flows: FlowRow[] }> {
    const session = await startFlows(box);
    await session.gather(2);
    const told = await python<T>(box, lines);
    await session.gather(3);
    expect(session.notes).toEqual([expect.stringMatching(/^cgroup2 cannot be used on this box/)]);
    expect(await session.end()).toBe(0);
    expectWhole(session.batches);
    return { told, flows: flowsOf(session.batches) };
  }
  const outTo = (flows: FlowRow[], end: string) =>
    flows.filter(({ flow }) => flow.remote === end && flow.direction === 'out');

  test('that fail say why, once, with and without a packet', async () => {
    const { told, flows } = await watched<number[]>(`
errors = [s.connect_ex(("${PEER}", 7302))]
s = socket.socket()
errors.append(s.connect_ex(("10.10.1.1", 7303)))
print(errors)`);
    expect(told).toEqual([ECONNREFUSED, EHOSTUNREACH]);
    const [refused, unreachable] = [outTo(flows, `${PEER}:7302`), outTo(flows, '10.10.1.1:7303')];
    expect(refused.map(({ errno, tries }) => [errno, tries])).toEqual([[ECONNREFUSED, 0]]);
    expect(unreachable.map(({ errno, tries }) => [errno, tries])).toEqual([[EHOSTUNREACH, 1]]);
    for (const row of [...refused, ...unreachable]) {
      expect(row).toMatchObject({ comm: 'python3', state: STATE.close, connect: 0, closing: 0 });
      expect(row.tgid).toBeGreaterThan(0);
      expect(row.closed).toBeGreaterThanOrEqual(Number(row.flow.openedNs));
    }
  });

  test('that are brief are all told, with how long their parts took', async () => {
    const { told: ports, flows } = await watched<number[]>(`
ports = []
for i in range(${BRIEF}):
    s = socket.socket()
    s.connect(("${PEER}", ${PORT}))
    ports.append(s.getsockname()[1])
    s.close()
print(ports)`);
    for (const port of ports) {
      const row = theFlow(flows, ({ flow }) => flow.local.endsWith(`:${port}`) && flow.remote === `${PEER}:${PORT}`);
      expect(row).toMatchObject({ comm: 'python3', state: STATE.close, errno: 0 });
      expect(row.flow.direction).toBe('out');
      expect(row.connect).toBeGreaterThan(0);
      expect(row.closing).toBeGreaterThan(0);
      expect(row.closed - row.closing - row.connect).toBeGreaterThanOrEqual(Number(row.flow.openedNs));
    }
  });

  test('that a look has seen tell the same at their end', async () => {
    const { told, flows } = await watched<number[]>(`
s.connect(("${PEER}", ${PORT}))
s.send(b"x")
s.recv(1)
time.sleep(4)
shut = now()
s.close()
print([shut])`);
    const row = theFlow(
      flows,
      ({ flow, sent }) => flow.remote === `${PEER}:${PORT}` && flow.direction === 'out' && sent > 0,
    );
    expect(row).toMatchObject({ comm: 'python3', state: STATE.close, sent: 1, errno: 0 });
    expect(row.connect).toBeGreaterThan(0);
    expect(row.closing).toBeGreaterThan(0);
    expect(row.closed - row.closing).toBeGreaterThanOrEqual(told[0] ?? 0);
    expect(outTo(flows, `${PEER}:${PORT}`)).toHaveLength(1);
  });
});
