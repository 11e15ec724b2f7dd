// Sockets, namespaces and interfaces that do what one does not expect of them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import { python } from './box-python.ts';
import { addPeer, expectWhole, flowsOf, PEER, serve, startFlows, STATE, TCP, theFlow, UDP } from './flows-checks.ts';
import { BUILD_AND_BOOT_MS, bring, LOADER, sum } from './loader-checks.ts';

const ECONNREFUSED = 111;
const NAMESPACES = 12;

let box: Box;
beforeAll(async () => {
  box = await bootBox({ log: console.error });
  await bring(box);
  await addPeer(box);
}, BUILD_AND_BOOT_MS);
afterAll(() => box?.stop());

async function inBox(script: string): Promise<void> {
  const { code, stderr } = await box.ssh(`set -e\n${script}`, { timeoutMs: 120_000 });
  if (code !== 0) throw new Error(stderr);
}

/** One process connects and hands the socket to another, which goes on with it when the first has ended. */
const HAND_OVER = `
a, b = socket.socketpair(socket.AF_UNIX)
s.connect(("${PEER}", 7201))
s.send(b"x" * 1000)
giver = os.getpid()
taker = os.fork()
if taker == 0:
    s.close()
    time.sleep(3)
    _, extra, _, _ = b.recvmsg(1, socket.CMSG_SPACE(4))
    s = socket.socket(fileno=struct.unpack("i", extra[0][2])[0])
    while os.getppid() == giver: time.sleep(0.1)
    time.sleep(14)
    s.send(b"y" * 500)
    s.close()
    os._exit(0)
a.sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", s.fileno()))])
s.close()
time.sleep(4)
print([giver, taker])
sys.stdout.flush()
os.close(1)
os._exit(0)
`;

test('a socket that is handed over belongs to whoever made it, and when that one has ended to whoever has it', async () => {
  const session = await startFlows(box);
  await session.gather(1);
  const server = await serve(box, `--address ${PEER} --port 7201`);
  const [giver, taker] = await python<number[]>(box, HAND_OVER);
  const toServer = () => flowsOf(session.batches).filter(({ flow }) => flow.remote === `${PEER}:7201`);
  await expect.poll(() => toServer()[0]?.state, { timeout: 180_000 }).toBe(STATE.close);
  await session.gather(1);
  await server.stop();
  await session.end();
  expectWhole(session.batches);
  expect(toServer()).toMatchObject([{ tgid: taker, sent: 1500, errno: 0 }]);
  const owners = session.batches
    .flatMap(({ rows }) => rows)
    .filter(({ flow }) => flow.remote === `${PEER}:7201`)
    .map(({ tgid }) => tgid);
  expect(owners.filter((tgid, i) => tgid !== owners[i - 1])).toEqual([giver, taker]);
});

test('namespaces that come and go lose nothing', async () => {
  const session = await startFlows(box);
  await session.gather(1);
  const talk = `import socket
l = socket.socket()
l.bind(("127.0.0.1", 7202))
l.listen()
c = socket.create_connection(("127.0.0.1", 7202))
a, _ = l.accept()
c.sendall(b"x" * 3000)
while len(a.recv(3000, socket.MSG_WAITALL)) < 3000: pass
a.close()
c.close()`;
  await inBox(`for i in $(seq ${NAMESPACES}); do
    ip netns add short$i && ip -n short$i link set lo up
    ip netns exec short$i python3 -c '${talk}'
    ip netns del short$i
  done`);
  await session.gather(3);
  await session.end();
  expectWhole(session.batches);
  const flows = flowsOf(session.batches).filter(({ flow }) => flow.remote === '127.0.0.1:7202');
  expect(flows.map(({ sent, state, errno }) => [sent, state, errno])).toEqual(
    Array.from({ length: NAMESPACES }, () => [3000, STATE.close, 0]),
  );
  const back = flowsOf(session.batches).filter(
    ({ flow }) => flow.local === '127.0.0.1:7202' && flow.direction === 'in',
  );
  expect(back.map(({ received }) => received)).toEqual(flows.map(({ sent }) => sent));
  expect(sum(session.batches, 'lostMapFull')).toBe(0);
});

test('an interface that is renamed under a connection, and one that is taken away', async () => {
  const session = await startFlows(box);
  await session.gather(1);
  const server = await serve(box, `--address ${PEER} --port 7203`);
  const rename = (from: string, to: string) =>
    `ip link set ${from} down && ip link set ${from} name ${to} && ip link set ${to} up`;
  await box.ssh('rm -f /tmp/go');
  const talk = python<number>(
    box,
    `s.connect(("${PEER}", 7203))
s.sendall(b"x" * 1000)
while not os.path.exists("/tmp/go"): time.sleep(0.1)
s.sendall(b"x" * 1000)
time.sleep(1)
print(0)`,
  );
  const sent = () => flowsOf(session.batches).find(({ flow }) => flow.remote === `${PEER}:7203`)?.sent;
  await expect.poll(sent, { timeout: 180_000 }).toBe(1000);
  await inBox(`${rename('here', 'renamed')}; touch /tmp/go`);
  await talk;
  await session.gather(2);
  await server.stop();
  // Datagrams whose interface goes away while they are on their way.
  await inBox(`ip link add brief type veth peer name brief2 && ip addr add 10.7.0.1/24 dev brief
    ip link set brief up && ip link set brief2 up && ip neigh add 10.7.0.2 lladdr 02:00:00:00:00:07 dev brief`);
  const told = await python<number>(
    box,
    `u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.connect(("10.7.0.2", 7204))
done = 0
for i in range(40):
    try: done += u.send(b"x" * 10) // 10
    except OSError: pass
    if i == 19: os.system("ip link del brief")
    time.sleep(0.02)
time.sleep(1)
print(done)`,
  );
  await session.gather(2);
  await session.end();
  await inBox(rename('renamed', 'here'));
  expectWhole(session.batches);
  const flows = flowsOf(session.batches);
  expect(theFlow(flows, ({ flow }) => flow.remote === `${PEER}:7203`)).toMatchObject({ sent: 2000, errno: 0 });
  const datagrams = theFlow(flows, ({ flow }) => flow.remote === '10.7.0.2:7204' && flow.protocol === UDP);
  expect([told >= 20, datagrams.packetsSent]).toEqual([true, told]);
});

test('a box without IPv4', async () => {
  await inBox(`ip netns add six && ip -n six link set lo up && ip -n six addr del 127.0.0.1/8 dev lo
    ip -n six link add outer type veth peer name inner && ip -n six link set outer up`);
  const session = await startFlows(box, '', `nsenter --net=/run/netns/six ${LOADER}`);
  await session.gather(1);
  const call = `import socket
s = socket.socket(socket.AF_INET6)
try: s.connect(("::1", 7205))
except OSError as error: print(error.errno)`;
  expect((await box.ssh(`ip netns exec six python3 -c '${call}'`)).stdout.trim()).toBe(String(ECONNREFUSED));
  await session.gather(2);
  expect(session.notes).toEqual([]);
  await session.end();
  await inBox('ip netns del six');
  expectWhole(session.batches);
  const refused = theFlow(
    flowsOf(session.batches),
    ({ flow }) => flow.remote.endsWith(':7205') && flow.direction === 'out' && flow.protocol === TCP,
  );
  expect(refused).toMatchObject({ errno: ECONNREFUSED, state: STATE.close });
});

test('no connection tracking is asked for', async () => {
  // Whatever was done above.
  expect((await box.ssh('lsmod | grep -c nf_conntrack')).stdout.trim()).toBe('0');
});
