// Connections that fail before a packet leaves: what their caller is told is in the rows, once. On an old kernel without
// BTF and on a new one.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox, type BoxOptions } from './box/boot.mjs';
import { addFirewall } from './box-firewall.ts';
import { python } from './box-python.ts';
import type { FlowRow } from './flow-rows.ts';
import { addPeer, expectWhole, flowsOf, HERE, PEER, startFlows, STATE } from './flows-checks.ts';
import { BUILD_AND_BOOT_MS, bring, startInBox } from './loader-checks.ts';

const KERNELS: [string, BoxOptions][] = [
  ['5.10 without BTF', { kernel: '5.10', hideBtf: true }],
  ['6.12', { kernel: '6.12' }],
];
const [EACCES, EINVAL, EADDRNOTAVAIL, ENETUNREACH, ETIMEDOUT, ECONNREFUSED, EHOSTUNREACH] = [
  13, 22, 99, 101, 110, 111, 113,
];
const MANY = 3000;
/** As the loader has it: rows of failures in one window. */
const MOST_ROWS = 1024;
const PATIENT = { timeout: 120_000 };

async function addRoutes(box: Box): Promise<void> {
  const { code, stderr } = await box.ssh(`set -e
    sysctl -qw net.ipv4.tcp_syn_retries=1
    ip route add unreachable 10.10.1.0/24
    ip route add prohibit 10.10.2.0/24
    ip route add blackhole 10.10.3.0/24
    ip route add throw 10.10.4.0/24
    ip -6 route add unreachable fd10:1::/64
    ip -6 route add prohibit fd10:2::/64`);
  if (code !== 0) throw new Error(stderr);
}

const errnoOf = (end: string, family = 'AF_INET') => `
s = socket.socket(socket.${family})
try:
    s.connect(${end})
    errors.append(0)
except OSError as error:
    errors.append(error.errno)
`;

describe.each(KERNELS)('connects that fail at once, on Linux %s', (_name, options) => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ ...options, log: console.error });
    await bring(box);
    await addPeer(box);
    await addRoutes(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  async function watched(lines: string, args = ''): Promise<{ told: number[]; flows: FlowRow[]; left: number }> {
    const session = await startFlows(box, args);
    await session.gather(1);
    const told = await python<number[]>(box, lines);
    await session.gather(2);
    expect(session.notes).toEqual([]);
    expect(await session.end()).toBe(0);
    expectWhole(session.batches);
    const left = session.batches.reduce((sum, { counters }) => sum + Number(counters.lostRateLimit), 0);
    return { told, flows: flowsOf(session.batches), left };
  }

  test('are told as their owner is', async () => {
    const ends = [
      ['("10.10.1.1", 7201)', '10.10.1.1:7201', EHOSTUNREACH],
      ['("10.10.2.1", 7202)', '10.10.2.1:7202', EACCES],
      ['("10.10.3.1", 7203)', '10.10.3.1:7203', EINVAL],
      ['("10.10.4.1", 7204)', '10.10.4.1:7204', ENETUNREACH],
    ] as const;
    const ends6 = [
      ['("fd10:2::1", 7205)', `[fd100002${'0'.repeat(23)}1]:7205`, EACCES],
      ['("fd10:1::1", 7206)', `[fd100001${'0'.repeat(23)}1]:7206`, EHOSTUNREACH],
      ['("::ffff:10.10.1.1", 7207)', '10.10.1.1:7207', EHOSTUNREACH],
    ] as const;
    const { told, flows } = await watched(
      `errors = []${ends.map(([end]) => errnoOf(end)).join('')}${ends6.map(([end]) => errnoOf(end, 'AF_INET6')).join('')}
print(errors)`,
    );
    expect(told).toEqual([...ends, ...ends6].map(([, , errno]) => errno));
    for (const [, end, errno] of [...ends, ...ends6]) {
      const found = flows.filter(({ flow }) => flow.remote === end);
      expect(found, end).toHaveLength(1);
      expect(found[0]).toMatchObject({ errno, tries: 1, state: STATE.close, comm: 'python3', sent: 0, packetsSent: 0 });
      expect(found[0]?.flow).toMatchObject({ direction: 'out', protocol: 6, cookie: 0n });
      expect(found[0]?.tgid).toBeGreaterThan(0);
      expect(found[0]?.closed).toBeGreaterThanOrEqual(Number(found[0]?.flow.openedNs));
    }
  });

  test('are told as their owner is, also where a firewall of the box takes their packets', async () => {
    await addFirewall(box, { dropped: 7208, refused: 7209 });
    const { told, flows } = await watched(`
errors = []${errnoOf(`("${PEER}", 7208)`)}${errnoOf(`("${PEER}", 7209)`)}
print(errors)`);
    expect(told).toEqual([ETIMEDOUT, EHOSTUNREACH]);
    for (const [port, errno] of [
      [7208, ETIMEDOUT],
      [7209, EHOSTUNREACH],
    ]) {
      const found = flows.filter(({ flow }) => flow.remote === `${PEER}:${port}`);
      expect(found.map((row) => [row.errno, row.tries, row.packetsSent])).toEqual([[errno, 1, 0]]);
      expect(found[0]).toMatchObject({ comm: 'python3', state: STATE.close });
      expect(found[0]?.closed).toBeGreaterThan(Number(found[0]?.flow.openedNs));
    }
  });

  test('for want of a free port, too', async () => {
    await startInBox(box, `exec ip netns exec peer /opt/workload/flows serve --address ${PEER} --port 7210`);
    await expect
      .poll(async () => (await box.ssh('ip netns exec peer ss -Hltn sport = 7210')).stdout, PATIENT)
      .not.toBe('');
    const { told, flows } = await watched(`
errors, kept = [], []
for i in range(2):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("${HERE}", 7211))
    kept.append(s)
for s in kept:
    try:
        s.connect(("${PEER}", 7210))
        errors.append(0)
    except OSError as error:
        errors.append(error.errno)
print(errors)`);
    expect(told).toEqual([0, EADDRNOTAVAIL]);
    const out = flows.filter(({ flow }) => flow.remote === `${PEER}:7210` && flow.direction === 'out');
    expect(out.map(({ errno, tries }) => [errno, tries]).sort()).toEqual([
      [0, 0],
      [EADDRNOTAVAIL, 1],
    ]);
  });

  test('are told once where a packet told of it, and of UDP nothing is', async () => {
    const { told, flows } = await watched(`
errors = []${errnoOf(`("${PEER}", 7220)`)}
s = socket.socket()
s.setblocking(False)
errors.append(s.connect_ex(("${PEER}", 7221)))
time.sleep(1)
errors.append(s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
errors.append(s.connect_ex(("10.10.1.1", 7222)))
print(errors)`);
    expect(told).toEqual([ECONNREFUSED, 115, ECONNREFUSED, EHOSTUNREACH]);
    const to = (port: number) =>
      flows.filter(({ flow }) => flow.remote.endsWith(`:${port}`) && flow.direction === 'out');
    for (const port of [7220, 7221])
      expect(to(port).map(({ errno, tries }) => [errno, tries])).toEqual([[ECONNREFUSED, 0]]);
    expect(to(7222)).toEqual([]);
  });

  test('again and again are one row in a window, and none is missing', async () => {
    const again = `
for i in range(${MANY}):
    s.connect_ex(("10.10.1.1", 7230))
print([0])`;
    const { flows, left } = await watched(again);
    const tries = flows.filter(({ flow }) => flow.remote === '10.10.1.1:7230');
    expect(tries.reduce((sum, flow) => sum + flow.tries, 0)).toBe(MANY);
    expect(tries.length).toBeLessThan(MANY / 10);
    expect(left).toBe(0);
  });

  test('to very many places are bounded, and those without a place are counted', async () => {
    const everywhere = `
for i in range(${MANY}):
    s.connect_ex(("10.10.1.1", 8000 + i))
print([0])`;
    const { flows, left } = await watched(everywhere);
    const tries = flows.filter(({ flow }) => flow.remote.startsWith('10.10.1.1:')).map((flow) => flow.tries);
    expect(tries.reduce((sum, count) => sum + count, 0) + left).toBe(MANY);
    expect(tries.length).toBeGreaterThanOrEqual(MOST_ROWS);
  });

  test('are filtered', async () => {
    const two = `errors = []${errnoOf('("10.10.1.1", 7240)')}${errnoOf('("10.10.1.1", 7241)')}
print(errors)`;
    const { flows } = await watched(two, '--port 7241');
    expect(flows.map(({ flow }) => flow.remote)).toEqual(['10.10.1.1:7241']);
  });
});
