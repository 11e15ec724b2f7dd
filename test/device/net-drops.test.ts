// The probe net-drops on a real kernel: packets are lost in ways whose number is known, and each place says so.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import { BUILD_AND_BOOT_MS, bpfObjects, bring, LOADER, loaders } from './loader-checks.ts';
import { LoaderSession } from './loader-session.ts';
import { type DropRow, readDrop } from './net-rows.ts';

const [KERNEL, INTERFACE, PROTOCOL] = [1, 2, 3];

/** Prints how many packets were lost. */
const LOSER = `
import socket, sys, time
def udp():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
def closed_port(count):
    s = udp()
    for _ in range(count): s.sendto(b'x', ('127.0.0.1', 9))
    return count
def full_buffer(count):
    r, s, got = udp(), udp(), 0
    r.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
    r.bind(('127.0.0.1', 0))
    r.setblocking(False)
    for _ in range(count): s.sendto(b'x' * 500, r.getsockname())
    while True:
        try: r.recv(1000)
        except BlockingIOError: return count - got
        got += 1
def full_queue(count):
    l, clients = socket.socket(), [socket.socket() for _ in range(count)]
    l.bind(('127.0.0.1', 0))
    l.listen(0)
    for c in clients:
        c.setblocking(False)
        c.connect_ex(l.getsockname())
    time.sleep(0.2)
    return count - 1
def bad_link(count):
    s = udp()
    for _ in range(count): s.sendto(b'x' * 20, ('10.9.9.2', 7))
    return count
print(globals()[sys.argv[1]](int(sys.argv[2])))
`;

/**
 * A link to a namespace of its own that nobody answers in, and that loses a third of what goes out. Without IPv6, which
 * sends, and here loses, packets of its own whenever it likes.
 */
const LINK = `set -e
ip netns add peer
ip link add v0 type veth peer name v1 netns peer
echo 1 >/proc/sys/net/ipv6/conf/v0/disable_ipv6
ip addr add 10.9.9.1/24 dev v0
ip link set v0 up
ip -n peer link set v1 up
ip neigh replace 10.9.9.2 lladdr 02:00:00:00:00:02 dev v0
modprobe sch_netem
tc qdisc add dev v0 root netem loss 33%`;
const QUEUE_DROPS = `tc -s qdisc show dev v0 | sed -n 's/.*dropped \\([0-9]*\\).*/\\1/p'`;

const KERNELS = [
  ['the usual kernel', {}, true],
  ['an old kernel without BTF, which knows no reasons', { kernel: '5.10', hideBtf: true }, false],
] as const;

describe.each(KERNELS)('dropped packets on %s', (_name, kernel, hasReasons) => {
  let box: Box;
  let clean = '';
  const lose = async (how: string, count: number) =>
    Number((await box.ssh(`python3 /tmp/loser.py ${how} ${count}`)).stdout);
  const number = async (command: string) => Number((await box.ssh(command)).stdout);
  beforeAll(async () => {
    box = await bootBox({ ...kernel, log: console.error });
    await bring(box);
    await box.ssh('cat > /tmp/loser.py', { input: LOSER });
    expect((await box.ssh(LINK)).stderr).toBe('');
    clean = await bpfObjects(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());
  afterEach(async () => {
    expect(await loaders(box)).toBe('0');
    expect(await bpfObjects(box)).toBe(clean);
  });

  const start = async () => {
    const session = await LoaderSession.startProbe(box, LOADER, 'net-drops', 'root', readDrop);
    await session.gather(1);
    return session;
  };

  /** Ends the session; how many packets by place and cause. */
  async function dropsOf(session: LoaderSession<DropRow>): Promise<Map<string, number>> {
    await session.gather(1);
    expect(await session.end()).toBe(0);
    const drops = new Map<string, number>();
    for (const { rows, counters: c } of session.batches) {
      expect(c.seen).toBe(c.kept + c.filtered + c.lostMapFull);
      const named = rows.filter(({ where }) => where === KERNEL);
      expect(named.reduce((sum, { packets }) => sum + packets, 0)).toBe(Number(c.kept));
      for (const { where, cause, packets } of rows) {
        expect(packets).toBeGreaterThan(0);
        drops.set(`${where} ${cause}`, (drops.get(`${where} ${cause}`) ?? 0) + packets);
      }
    }
    return drops;
  }

  test('each is told by the kernel and by the counter that it is in', async () => {
    const session = await start();
    const closed = await lose('closed_port', 100);
    const full = await lose('full_buffer', 300);
    const overflown = await lose('full_queue', 6);
    const before = await number(QUEUE_DROPS);
    await lose('bad_link', 900);
    const queue = (await number(QUEUE_DROPS)) - before;
    const drops = await dropsOf(session);

    expect(full).toBeGreaterThan(200);
    expect(queue).toBeGreaterThan(200);
    expect(drops.get(`${PROTOCOL} UdpNoPorts`)).toBe(closed);
    expect(drops.get(`${PROTOCOL} UdpRcvbufErrors`)).toBe(full);
    expect(drops.get(`${PROTOCOL} TcpExtListenOverflows`)).toBe(overflown);
    expect(drops.get(`${INTERFACE} v0 queue netem`)).toBeGreaterThanOrEqual(queue);
    if (!hasReasons) {
      expect([...drops.keys()].filter((cause) => cause.startsWith(`${KERNEL} `))).toEqual([`${KERNEL} NO_REASON_TOLD`]);
      expect(drops.get(`${KERNEL} NO_REASON_TOLD`)).toBeGreaterThanOrEqual(closed + full + queue);
      return;
    }
    expect(drops.get(`${KERNEL} NO_SOCKET`)).toBe(closed);
    expect(drops.get(`${KERNEL} SOCKET_RCVBUFF`)).toBe(full);
    expect(drops.get(`${KERNEL} QDISC_DROP`)).toBe(drops.get(`${INTERFACE} v0 queue netem`));
    expect([...drops.keys()].filter((cause) => /REASON_|NOT_DROPPED|CONSUMED/.test(cause))).toEqual([]);
  });

  test('a worker that is killed loses and doubles nothing', async () => {
    const session = await start();
    let lost = 0;
    for (let i = 0; i < 3; i++) {
      const worker = session.workers.at(-1)?.workerPid ?? session.ready?.workerPid;
      lost += await lose('closed_port', 50);
      await box.ssh(`kill -9 ${worker}`);
      lost += await lose('closed_port', 50);
      await expect.poll(() => session.workers.length, { timeout: 120_000 }).toBe(i + 1);
      await session.gather(1);
    }
    const drops = await dropsOf(session);
    expect(drops.get(`${PROTOCOL} UdpNoPorts`)).toBe(lost);
    if (hasReasons) expect(drops.get(`${KERNEL} NO_SOCKET`)).toBe(lost);
  });

  test('an interface that is renamed or replaced tells of no packets that nobody dropped', async () => {
    await lose('bad_link', 100);
    const session = await start();
    await box.ssh('ip link set v0 down; ip link set v0 name v9');
    await session.gather(1);
    await box.ssh('ip link del v9; ip link add v9 type dummy; ip link set v9 up');
    const drops = await dropsOf(session);
    expect([...drops.keys()].filter((cause) => /^2 v[09] (queue|rx|tx)/.test(cause))).toEqual([]);
  });
});
