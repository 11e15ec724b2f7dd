// What becomes of TCP connections, beside what their owners are told and when they did what: on an old kernel without BTF
// and on a new one.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox, type BoxOptions } from './box/boot.mjs';
import {
  addPeer,
  expectWhole,
  flowsOf,
  mendLine,
  PEER,
  spoilLine,
  startFlows,
  STATE,
  theFlow,
} from './flows-checks.ts';
import { python, PRELUDE } from './box-python.ts';
import { BUILD_AND_BOOT_MS, bring, LOADER, startInBox } from './loader-checks.ts';
import type { FlowRow } from './flow-rows.ts';

const KERNELS: [string, BoxOptions][] = [
  ['5.10 without BTF', { kernel: '5.10', hideBtf: true }],
  ['6.12', { kernel: '6.12' }],
];
const ROUND_TRIP_MS = 40;
const NS_PER_MS = 1e6;
const [ENETUNREACH, ECONNRESET, ETIMEDOUT, ECONNREFUSED, EHOSTUNREACH] = [101, 104, 110, 111, 113];

/** Behind the peer there are nets that it knows nothing of, refuses to reach and swallows packets to. */
async function addNets(box: Box): Promise<void> {
  const script = `set -e
    sysctl -qw net.ipv4.tcp_syn_retries=1
    ip route add 10.8.0.0/16 via ${PEER}
    ip netns exec peer sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
    ip -n peer route add unreachable 10.8.1.0/24
    ip -n peer route add blackhole 10.8.2.0/24`;
  const { code, stderr } = await box.ssh(script);
  if (code !== 0) throw new Error(stderr);
}

const connect = (address: string, port: number, then = 'print(0)') => `
try:
    s.connect(("${address}", ${port}))
    ${then.trim().replaceAll('\n', '\n    ')}
except OSError as error:
    print(error.errno)
`;

/** Accepts one connection, as `c`. */
const accept = (port: number, then: string) => `${PRELUDE}
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", ${port}))
s.listen()
c, _ = s.accept()
${then}
`;

async function listenInPeer(box: Box, port: number, then: string): Promise<void> {
  await startInBox(box, `exec ip netns exec peer python3 -c '${accept(port, then)}'`);
  const listening = async () => (await box.ssh(`ip netns exec peer ss -Hltn sport = ${port}`)).stdout;
  await expect.poll(listening, { timeout: 180_000 }).not.toBe('');
}

/** Of a client: open for a while, then closed by it, then at last by the server. */
const LIFE = `
called = now()
s.connect(("${PEER}", 7130))
connected = now()
s.send(b"x")
time.sleep(0.7)
shut = now()
s.shutdown(socket.SHUT_WR)
s.recv(1)
s.close()
print([called, connected, shut])
`;

const outTo = (flows: FlowRow[], end: string) =>
  theFlow(flows, ({ flow }) => flow.remote === end && flow.direction === 'out');
const inAt = (flows: FlowRow[], end: string) =>
  theFlow(flows, ({ flow }) => flow.local === end && flow.direction === 'in');

describe.each(KERNELS)('connections on Linux %s', (_name, options) => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ ...options, log: console.error });
    await bring(box);
    await addPeer(box);
    await addNets(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  async function watched(act: () => Promise<void>, notes: unknown = []): Promise<FlowRow[]> {
    const session = await startFlows(box);
    await session.gather(1);
    await act();
    await session.gather(2);
    expect(session.notes).toEqual(notes);
    expect(await session.end()).toBe(0);
    return flowsOf(session.batches);
  }

  test('that fail say why, as their owner is told', async () => {
    const why: [string, number][] = [
      [`${PEER}:7100`, ECONNREFUSED],
      ['10.8.0.1:7101', ENETUNREACH],
      ['10.8.1.1:7102', EHOSTUNREACH],
      ['10.8.2.1:7103', ETIMEDOUT],
    ];
    const told: number[] = [];
    const flows = await watched(async () => {
      for (const [end] of why) {
        const [address = '', port] = end.split(':');
        told.push(await python<number>(box, connect(address, Number(port))));
      }
    });
    expect(told).toEqual(why.map(([, errno]) => errno));
    for (const [end, errno] of why)
      expect(outTo(flows, end)).toMatchObject({ errno, state: STATE.close, connect: 0, closing: 0 });
  });

  test('that are given up have no error', async () => {
    const flows = await watched(async () => {
      await python(box, `s.setblocking(False)\ns.connect_ex(("10.8.2.1", 7110))\ntime.sleep(0.5)\ns.close()\nprint(0)`);
    });
    expect(outTo(flows, '10.8.2.1:7110')).toMatchObject({ errno: 0, state: STATE.close, connect: 0, closing: 0 });
  });

  test('that are broken off say so', async () => {
    const flows = await watched(async () => {
      const cut = 'c.recv(1)\nc.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))\nc.close()';
      await listenInPeer(box, 7120, cut);
      expect(await python(box, connect(PEER, 7120, 's.send(b"x")\ns.recv(1)'))).toBe(ECONNRESET);
    });
    expect(outTo(flows, `${PEER}:7120`)).toMatchObject({ errno: ECONNRESET, state: STATE.close, closing: 0 });
    // Whoever broke it off has no error.
    expect(inAt(flows, `${PEER}:7120`)).toMatchObject({ errno: 0, state: STATE.close, closing: 0 });
  });

  test('tell how long each part of their life took, at both ends', async () => {
    await spoilLine(box, ROUND_TRIP_MS, 0);
    let told: number[] = [];
    const flows = await watched(async () => {
      // The server does not close for a while although the client has.
      await listenInPeer(box, 7130, 'c.recv(1)\nc.recv(1)\ntime.sleep(1.2)\nc.close()');
      told = await python(box, LIFE);
    }).finally(() => mendLine(box));
    const [out, back] = [outTo(flows, `${PEER}:7130`), inAt(flows, `${PEER}:7130`)];
    const [called = 0, connected = 0, shut = 0] = told;
    // The client: what it saw lies around what the kernel did.
    expect(Number(out.flow.openedNs)).toBeGreaterThanOrEqual(called);
    expect(out.connect).toBeGreaterThanOrEqual(ROUND_TRIP_MS * NS_PER_MS);
    expect(out.connect).toBeLessThanOrEqual(connected - called);
    expect(out.closing).toBeGreaterThanOrEqual(1200 * NS_PER_MS);
    expect(out.closed - out.closing).toBeGreaterThanOrEqual(shut);
    expect(out.closed - out.closing - out.connect - Number(out.flow.openedNs)).toBeGreaterThanOrEqual(700 * NS_PER_MS);
    expect(out.closeWait).toBe(0);
    // The server: asked half a round trip later.
    expect(Number(back.flow.openedNs)).toBeGreaterThanOrEqual(Number(out.flow.openedNs));
    expect(Number(back.flow.openedNs)).toBeLessThan(Number(out.flow.openedNs) + out.connect);
    expect(back.connect).toBeGreaterThanOrEqual((ROUND_TRIP_MS * NS_PER_MS) / 2);
    expect(back.closeWait).toBeGreaterThanOrEqual(1200 * NS_PER_MS);
    expect(back.closing).toBeGreaterThan(back.closeWait);
    expect(back.closed - back.closing).toBeGreaterThan(out.closed - out.closing);
    expect([out.errno, back.errno]).toEqual([0, 0]);
  });

  test('of SSH are Sonde’s own where it runs at their end, also those that come later', async () => {
    const wait = 'tail -f /dev/null';
    const session = await startFlows(box);
    await session.gather(1);
    const later = box.ssh(`${wait} | ${LOADER} capture --filter udp%20port%209 > /tmp/none`, { timeoutMs: 120_000 });
    const other = box.ssh(`exec ${wait}`, { timeoutMs: 120_000 });
    const ssh = () =>
      flowsOf(session.batches).filter(({ flow }) => flow.local.endsWith(':22') && flow.direction === 'in');
    try {
      await expect.poll(() => ssh().filter(({ own }) => own === 1).length, { timeout: 180_000 }).toBe(1);
      await session.gather(1);
    } finally {
      await box.ssh('pkill tail');
      await Promise.all([later, other]);
    }
    await session.gather(1);
    expect(await session.end()).toBe(0);
    expectWhole(session.batches);
    // The first, whose row says so; the later one; and one of somebody else, from the same address.
    const open = ssh().filter(({ received }) => received > 0);
    expect(open.filter(({ flow, own }) => flow.isOwn && own === 0)).toHaveLength(1);
    expect(open.filter(({ own }) => own === 1)).toHaveLength(1);
    expect(open.filter(({ flow, own }) => !flow.isOwn && own === 0).length).toBeGreaterThanOrEqual(1);
  });

  test('that fail where there is no loopback give no reason, and the loader says so', async () => {
    await box.ssh('ip link set lo down');
    try {
      const flows = await watched(
        async () => expect(await python(box, connect(PEER, 7140))).toBe(ECONNREFUSED),
        [expect.stringContaining('why a connection failed is not told')],
      );
      expect(outTo(flows, `${PEER}:7140`)).toMatchObject({ errno: 0, state: STATE.close, resets: 1, connect: 0 });
    } finally {
      await box.ssh('ip link set lo up');
    }
  });
});
