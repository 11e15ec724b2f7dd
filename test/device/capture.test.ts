/** `sonde capture` as people run it, on a real box: known traffic, by known processes, on interfaces of every kind. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReadFile, readPcapng } from '../unit/capture/pcapng-reader.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { bringTraffic, traffic } from './capture-traffic.ts';
import { startInBox } from './loader-checks.ts';
import { buildProgram, endedEarly, type Running, type SondeProgram } from './sonde-program.ts';
import { leftOn } from './watched-session.ts';

/** An emulated box on a busy computer is slow to log in to. */
const PATIENCE = { timeout: 180_000, interval: 500 };
const OWN = /Sonde's own SSH connection \(from [\d.]+:(\d+)\) is left out/;
const LO_OVERHEAD = 14 + 20 + 8;

let box: Box;
let program: SondeProgram;
let clean = '';
beforeAll(async () => {
  program = await buildProgram();
  box = await bootBox({ variant: 'plain' });
  clean = await leftOn(box);
  await bringTraffic(box);
});
afterAll(async () => {
  await box?.stop();
  program?.dispose();
});

let files = 0;

interface Capture {
  readonly running: Running;
  readonly file: string;
}

/** Resolves when packets are being taken. */
async function begin(...words: readonly string[]): Promise<Capture> {
  files += 1;
  const file = path.join(program.folder, `${files}.pcapng`);
  const running = program.begin('capture', ...program.device(box), '-o', file, '--json', ...words);
  let said = '';
  running.child.stderr?.on('data', (piece: string) => (said += piece));
  const begun = expect.poll(() => said, PATIENCE).toMatch(words.includes('--include-own') ? /^/ : OWN);
  await Promise.race([begun, endedEarly(running)]);
  return { running, file };
}

interface Summary {
  readonly ok: boolean;
  readonly end: string;
  readonly seconds: number;
  readonly packets: number;
  readonly seen: number;
  readonly own: number;
  readonly lost: { readonly ring: number; readonly rateLimit: number; readonly maxSize: number };
  readonly fault?: { readonly code: string; readonly message: string; readonly hint?: string };
}

async function end({ running, file }: Capture, signal: NodeJS.Signals | null = 'SIGINT') {
  if (signal) running.child.kill(signal);
  const { code, out, err } = await running.ended;
  const summary = JSON.parse(out) as Summary;
  const read = readPcapng(readFileSync(file));
  expect(read.packets.length).toBe(summary.packets);
  return { code, err, summary, read };
}

/** What each packet's comment says, and how many say so. */
function commentsOf({ packets }: ReadFile): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { comment } of packets) counts[comment] = (counts[comment] ?? 0) + 1;
  return counts;
}

/** Runs a program of the box and returns its process id. */
async function pidOf(command: string): Promise<number> {
  return Number((await box.ssh(`${command} & pid=$!; wait $pid; echo $pid`)).stdout);
}

describe('packets', () => {
  test('are all there, once, with their processes, and nothing else is', async () => {
    const sink = await startInBox(box, traffic('sink'));
    const capture = await begin('--interface', 'lo', '--filter', 'udp port 5000');
    const sender = await pidOf(traffic('sender', '127.0.0.1', 5000, 1000, 500));
    await box.ssh(traffic('sender', '127.0.0.1', 5001, 10, 500)); // not what was asked for
    const { code, summary, read } = await end(capture);
    expect(code).toBe(0);
    expect(summary).toMatchObject({ packets: 1000, seen: 1000, own: 0, lost: { ring: 0, rateLimit: 0, maxSize: 0 } });
    const numbers = read.packets.map(({ bytes }) => bytes.readUInt32BE(LO_OVERHEAD));
    // A sender that changes its processor may overtake itself on the way through the loopback interface.
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(read.packets.every(({ bytes, originalLength }) => bytes.length === originalLength)).toBe(true);
    expect(new Set(read.packets.map(({ bytes }) => bytes.length))).toEqual(new Set([LO_OVERHEAD + 500]));
    expect(commentsOf(read)).toEqual({ [`sender (pid ${sender}) → sink (pid ${sink})`]: 1000 });
    expect(read.interfaces).toMatchObject([{ name: 'lo', linkType: 1, filter: 'udp port 5000' }]);
    expect(read.statistics).toMatchObject([{ accepted: 1000n, lost: 0n, delivered: 1000n }]);
    await box.ssh(`kill ${sink}`);
  });

  test('of a connection belong to who has it, not to who listens', async () => {
    const echo = await startInBox(box, traffic('echo'));
    const capture = await begin('--filter', 'tcp port 1883');
    const talkers = [
      await pidOf(traffic('talker', '127.0.0.1', 1883, 60)),
      await pidOf(traffic('talker', '::1', 1883, 60)),
    ];
    const { read } = await end(capture);
    for (const talker of talkers) {
      const comments = read.packets
        .map(({ comment }) => comment)
        .filter((text) => text.includes(`talker (pid ${talker})`));
      expect(comments.length).toBeGreaterThan(100);
      // Between accept and fork it is the listener's, who looks then learns of the child half a second later, and once the
      // child has closed it there is only who listens.
      const others = comments.map((text) => Number(/echo \(pid (\d+)\)/.exec(text)?.[1]));
      const byChild = others.filter((pid) => pid !== echo);
      expect(new Set(byChild).size, JSON.stringify(commentsOf(read))).toBe(1);
      expect(byChild[0]).toBeGreaterThan(talker);
      expect(byChild.length).toBeGreaterThan(100);
    }
    await box.ssh(`kill ${echo}`);
  });

  test('are cut at the snap length, and say how long they were', async () => {
    const capture = await begin('--interface', 'lo', '--filter', 'udp port 5000', '--snap', '96');
    await box.ssh(traffic('sender', '127.0.0.1', 5000, 20, 1400));
    const { read } = await end(capture);
    const udp = read.packets.filter(({ bytes }) => bytes.readUInt8(23) === 17); // not what the kernel answers by ICMP
    expect(udp.map(({ bytes, originalLength }) => [bytes.length, originalLength])).toEqual(
      Array.from({ length: 20 }, () => [96, LO_OVERHEAD + 1400]),
    );
    expect(read.interfaces[0]?.snapBytes).toBe(96);
  });

  test("leave Sonde's own connection out, unless it is asked for", async () => {
    const own = await begin('--filter', 'tcp port 22');
    await box.ssh('head -c 100000 /dev/zero'); // somebody else's
    const { err, read } = await end(own);
    const port = Number(OWN.exec(err)?.[1]);
    const ports = read.packets.flatMap(({ bytes }) => [bytes.readUInt16BE(40), bytes.readUInt16BE(42)]);
    expect(port).toBeGreaterThan(0);
    expect(ports).toContain(22);
    expect(ports).not.toContain(port);
    const both = await begin('--filter', 'tcp port 22', '--include-own', '--for', '3s');
    expect((await end(both, null)).summary.packets).toBeGreaterThan(0);
  });

  test('go to stdout as they come', async () => {
    const running = program.begin(
      'capture',
      ...program.device(box),
      '-o',
      '-',
      '--for',
      '8s',
      '--filter',
      'udp port 5000',
    );
    const pieces: Buffer[] = [];
    running.child.stdout?.removeAllListeners('data').setEncoding('latin1');
    running.child.stdout?.on('data', (piece: string) => pieces.push(Buffer.from(piece, 'latin1')));
    await expect.poll(() => pieces.length, PATIENCE).toBeGreaterThan(0);
    await box.ssh(traffic('sender', '127.0.0.1', 5000, 5, 100));
    const { code, err } = await running.ended;
    expect(code, err).toBe(0);
    expect(err).toContain('captured');
    const read = readPcapng(Buffer.concat(pieces));
    expect(read.statistics.length).toBe(read.interfaces.length);
  });
});

describe('what is lost', () => {
  test('over the rate limit is counted to the packet', async () => {
    const sink = await startInBox(box, traffic('sink'));
    const capture = await begin('--interface', 'lo', '--filter', 'udp dst port 5000', '--rate-limit', '100kB/s');
    await box.ssh(traffic('sender', '127.0.0.1', 5000, 2000, 1000));
    const { summary, read } = await end(capture);
    expect(summary.seen).toBe(2000);
    expect(summary.lost.rateLimit).toBeGreaterThan(0);
    expect(summary.packets + summary.lost.rateLimit).toBe(2000);
    expect(read.statistics[0]?.comment).toContain(`${summary.lost.rateLimit} over the rate limit`);
    await box.ssh(`kill ${sink}`);
  });

  test('over the limit of packets is counted to the packet', async () => {
    const sink = await startInBox(box, traffic('sink'));
    const capture = await begin('--interface', 'lo', '--filter', 'udp dst port 5000', '--packet-limit', '10');
    await box.ssh(traffic('sender', '127.0.0.1', 5000, 2000, 100));
    const { summary } = await end(capture);
    expect(summary.seen).toBe(2000);
    // A second's worth at once, and no more than the rate in as long as it took.
    expect(summary.packets).toBeGreaterThanOrEqual(10);
    expect(summary.packets).toBeLessThanOrEqual(10 + 10 * summary.seconds);
    expect(summary.packets + summary.lost.rateLimit).toBe(2000);
    await box.ssh(`kill ${sink}`);
  });

  test('because the ring is full is counted to the packet', async () => {
    const sink = await startInBox(box, traffic('sink'));
    const capture = await begin('--interface', 'lo', '--filter', 'udp dst port 5000', '--rate-limit', 'off');
    await box.ssh('pkill -STOP -x loader-.*');
    await box.ssh(traffic('sender', '127.0.0.1', 5000, 2000, 8000)); // 16 MB into a ring of 8
    await box.ssh('pkill -CONT -x loader-.*');
    const { summary, read } = await end(capture);
    expect(summary.lost.ring).toBeGreaterThan(0);
    expect(summary.packets).toBeGreaterThan(0);
    expect(summary.packets + summary.lost.ring).toBe(2000);
    expect(read.statistics[0]).toMatchObject({ lost: BigInt(summary.lost.ring), delivered: BigInt(summary.packets) });
    await box.ssh(`kill ${sink}`);
  });

  test('beyond the largest file ends the capture', async () => {
    const capture = await begin('--interface', 'lo', '--filter', 'udp port 5000', '--max-size', '50kB');
    await box.ssh(traffic('sender', '127.0.0.1', 5000, 100, 1000));
    const { code, summary } = await end(capture, null);
    expect(code).toBe(0);
    expect(summary.end).toBe('max-size');
    expect(readFileSync(capture.file).length).toBeLessThanOrEqual(50_000);
  });
});

describe('interfaces', () => {
  test('that come and change their names are told apart', async () => {
    const capture = await begin('--filter', 'icmp6 or arp or udp port 5000');
    await box.ssh(
      'ip link add one type veth peer name two && ip addr add 192.0.2.1/24 dev one && ip link set one up && ip link set two up',
    );
    await box.ssh(traffic('sender', '192.0.2.9', 5000, 3, 100)); // asks for an address that nobody has
    await box.ssh('ip link set two down && ip link set two name other && ip link set other up');
    await box.ssh(traffic('sender', '192.0.2.10', 5000, 3, 100));
    await box.ssh('ip link del one');
    const { read } = await end(capture);
    const seen = new Set(read.packets.map(({ interface: { name } }) => name));
    expect([...seen]).toEqual(expect.arrayContaining(['one', 'two', 'other']));
  });

  test('that go end a capture of their own, and the file is whole', async () => {
    await box.ssh('ip link add one type veth peer name two && ip link set one up && ip link set two up');
    const capture = await begin('--interface', 'one');
    await box.ssh('ip link del one');
    const { code, summary } = await end(capture, null);
    expect(code).toBe(29);
    expect(summary).toMatchObject({ end: 'interface-gone', fault: { code: 'interface-gone' } });
  });

  test('give the tag of a VLAN back, and filters see it', async () => {
    await box.ssh(
      'ip link add one type veth peer name two && ip link set one up && ip link set two up && ' +
        'ip link add link one name one.7 type vlan id 7 && ip addr add 192.0.2.1/24 dev one.7 && ip link set one.7 up && ' +
        'ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev one.7',
    );
    const capture = await begin('--interface', 'two', '--filter', 'vlan 7 and udp port 5000');
    await box.ssh(traffic('sender', '192.0.2.9', 5000, 5, 100));
    const { read } = await end(capture);
    await box.ssh('ip link del one');
    expect(
      read.packets.map(({ bytes }) => [bytes.readUInt16BE(12), bytes.readUInt16BE(14) & 0xfff, bytes.readUInt16BE(16)]),
    ).toEqual(Array.from({ length: 5 }, () => [0x8100, 7, 0x0800]));
    expect(read.packets.map(({ bytes }) => bytes.readUInt32BE(LO_OVERHEAD + 4))).toEqual([0, 1, 2, 3, 4]);
  });

  test('of containers show the processes in them', async () => {
    await box.ssh(
      'ip netns add inside && ip link add one type veth peer name two netns inside && ip addr add 192.0.2.1/24 dev one && ' +
        'ip link set one up && ip -n inside addr add 192.0.2.2/24 dev two && ip -n inside link set two up',
    );
    const echo = await startInBox(box, traffic('echo'));
    const capture = await begin('--interface', 'one', '--filter', 'tcp port 1883');
    const talker = await pidOf(`ip netns exec inside ${traffic('talker', '192.0.2.1', 1883, 10)}`);
    const { read } = await end(capture);
    await box.ssh(`kill ${echo}; ip netns del inside; ip link del one`);
    const named = read.packets.filter(
      ({ comment }) => comment.includes(`talker (pid ${talker})`) && comment.includes('echo'),
    );
    expect(named.length, JSON.stringify(commentsOf(read))).toBeGreaterThan(15);
  });
});

describe('a refusal', () => {
  const refused = async (...words: readonly string[]): Promise<Summary & { code: number | null }> => {
    const { code, out } = await program.begin('capture', ...program.device(box), '--json', ...words).ended;
    return { ...(JSON.parse(out) as Summary), code };
  };

  test('names the filter, the interface, and what there is instead', async () => {
    expect(await refused('--filter', "tcp prot '80")).toMatchObject({
      code: 50,
      fault: { code: 'bad-option', hint: expect.stringContaining('tcpdump') },
    });
    expect(await refused('--filter', 'vlan 7')).toMatchObject({
      fault: { hint: expect.stringContaining('--interface') },
    });
    expect(await refused('--interface', 'eth9')).toMatchObject({
      code: 50,
      fault: { message: expect.stringContaining('eth9'), hint: expect.stringContaining('lo') },
    });
  });

  test('of the kernel says what is missing', async () => {
    const { stderr, code } = await box.ssh('setpriv --bounding-set=-net_raw /var/lib/sonde/loader-* capture');
    expect(code).toBe(1);
    expect(stderr).toContain('kernel-no-permission');
  });
});

test('the connection is found through sudo', async () => {
  const { stdout } = await box.ssh(
    'cp /var/lib/sonde/loader-* /opt/capture-loader; (sleep 2) | timeout 20 /opt/capture-loader capture --interface lo | head -c 88 | od -An -v -tu1 -j80 -N1',
    { user: 'root' },
  );
  expect(Number(stdout)).toBe(4);
  const asOps = await box.ssh(
    "sudo -S sh -c '(sleep 2) | timeout 20 /opt/capture-loader capture --interface lo' | head -c 88 | od -An -v -tu1 -j80 -N1",
    { user: 'ops', input: 'ops-password\n' },
  );
  expect(Number(asOps.stdout)).toBe(4);
});

test('nothing stays behind, also of a workstation that was killed', async () => {
  const capture = await begin('--interface', 'lo');
  capture.running.child.kill('SIGKILL');
  await capture.running.ended;
  expect(readPcapng(readFileSync(capture.file)).interfaces.length).toBeLessThanOrEqual(1);
  await expect.poll(() => leftOn(box), { timeout: 180_000, interval: 2000 }).toBe(clean);
  expect((await box.ssh('tail -n +2 /proc/net/packet')).stdout).toBe('');
});
