// Which packets a filter takes, beside what tcpdump says of the same packets; and whole captures on kernels of several kinds.

import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensurePackages } from '../../build/apt.mjs';
import { parseCaptureMessage } from '../../electron/capture/wire.ts';
import { WireReader } from '../../remote-agent/protocol/index.ts';
import { type Box, bootBox, type BoxOptions } from './box/boot.mjs';
import { COOKED_FILTERS, FILTERS, FRAMES } from './capture-frames.ts';
import { bringTraffic, traffic } from './capture-traffic.ts';
import { BUILD_AND_BOOT_MS, bring, LOADER, startInBox } from './loader-checks.ts';

const KERNELS: [string, BoxOptions][] = [
  ['5.10', { kernel: '5.10', hideBtf: true }],
  ['6.12', { kernel: '6.12' }],
  ['arm64', { arch: 'arm64', hideBtf: true }],
];
const SLL2_BYTES = 20;
const ETHERNET_BYTES = 14;
/** The kernel has taken it off where there is no Ethernet header. */
const isTagged = (frame: Buffer) => frame.readUInt16BE(12) === 0x8100;

/** A file as tcpdump reads it. */
function pcapOf(frames: readonly Buffer[]): Buffer {
  const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  const records = frames.flatMap((frame, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(i, 0);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, frame];
  });
  return Buffer.concat([head, ...records]);
}

/** Numbers of the frames: seconds of their time stamps, which pcapOf made. */
async function verdictOf(file: string, filter: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('tcpdump', ['-tt', '-n', '-q', '-r', file, filter]);
  return [...stdout.matchAll(/^(\d+)\.\d{6} /gm)].map(([, seconds]) => Number(seconds));
}

/** Sends each packet of the file that comes in, as it is. */
const SEND = `
import socket, struct, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("one", 0))
data = sys.stdin.buffer.read()
at = 24
while at < len(data):
    size = struct.unpack("<I", data[at + 8:at + 12])[0]
    s.send(data[at + 16:at + 16 + size])
    at += 16 + size
`;
import { removeFolder } from '../remove-folder.ts';

interface Taken {
  readonly fault: string | null;
  readonly packets: readonly Buffer[];
  readonly seen: number;
  readonly lost: number;
  readonly isWhole: boolean;
  readonly comments: readonly (readonly [number, number])[];
}

function takenFrom(bytes: Buffer): Taken {
  const taken = {
    fault: null as string | null,
    packets: [] as Buffer[],
    seen: 0,
    lost: 0,
    isWhole: false,
    comments: [] as [number, number][],
  };
  new WireReader().push(bytes, (raw) => {
    const message = parseCaptureMessage(raw);
    if (message.kind === 'fault') taken.fault = message.fault.message;
    if (message.kind === 'counters') Object.assign(taken, { seen: message.seen, lost: message.lostRing });
    if (message.kind === 'end') taken.isWhole = true;
    if (message.kind !== 'packets') return;
    for (const packet of message.packets) {
      taken.packets.push(Buffer.from(packet.bytes));
      taken.comments.push([packet.sender, packet.receiver]);
    }
  });
  return taken;
}

const encoded = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** More at once than an emulated processor can keep up with would lose packets. */
const AT_ONCE = 16;

/** A capture for each filter, while something happens: again for each group of them. */
async function captured(
  box: Box,
  filters: readonly string[],
  more: string,
  act: () => Promise<unknown>,
): Promise<Taken[]> {
  const all: Taken[] = [];
  for (let i = 0; i < filters.length; i += AT_ONCE)
    all.push(...(await capturedAtOnce(box, filters.slice(i, i + AT_ONCE), more, act)));
  return all;
}

async function capturedAtOnce(
  box: Box,
  filters: readonly string[],
  more: string,
  act: () => Promise<unknown>,
): Promise<Taken[]> {
  const commands = filters.map(
    (filter, i) => `${LOADER} capture ${more} --filter ${encoded(filter)} < /tmp/hold > /tmp/taken-${i} 2>/dev/null &`,
  );
  const script = `rm -f /tmp/hold /tmp/taken-*; mkfifo /tmp/hold; sleep 600 > /tmp/hold &\n${commands.join('\n')}\nwait`;
  // They die with the shell that started them.
  const over = box.ssh(script, { timeoutMs: 280_000 });
  const begun = async () => Number((await box.ssh('find /tmp -name "taken-*" -size +0 | wc -l')).stdout);
  await expect.poll(begun, { timeout: 120_000, interval: 1000 }).toBe(filters.length);
  await act();
  // The kernel hands a block over when nothing more comes: until then it counts the packets in it.
  await box.ssh('sleep 2; pkill -x sleep');
  await over;
  const { stdout } = await box.ssh(`for i in $(seq 0 ${filters.length - 1}); do base64 -w0 /tmp/taken-$i; echo; done`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => takenFrom(Buffer.from(line, 'base64')));
}

describe.each(KERNELS)('captures on %s', (_name, options) => {
  let box: Box;
  let folder = '';
  let file = '';
  beforeAll(async () => {
    await ensurePackages(['tcpdump'], console.error);
    folder = mkdtempSync(join(tmpdir(), 'sonde-filters-'));
    file = join(folder, 'frames.pcap');
    writeFileSync(file, pcapOf(FRAMES));
    box = await bootBox({ ...options, log: console.error });
    await bring(box, options.arch === 'arm64' ? 'aarch64' : 'x86_64');
    await bringTraffic(box);
    const cable = `ip link add one type veth peer name two
      sysctl -qw net.ipv6.conf.one.disable_ipv6=1 net.ipv6.conf.two.disable_ipv6=1
      ip link set one up && ip link set two up`;
    await box.ssh(cable);
  }, BUILD_AND_BOOT_MS);
  afterAll(async () => {
    await box?.stop();
    removeFolder(folder);
  });

  const send = () => box.ssh(`python3 -c '${SEND}'`, { input: pcapOf(FRAMES) });

  /** Of those that are ours, by number. */
  const numbersIn = ({ packets }: Taken, frames: readonly Buffer[], cut: number) =>
    packets.map((packet) =>
      frames.findIndex((frame) => frame.subarray(cut).equals(packet.subarray(cut === 0 ? 0 : SLL2_BYTES))),
    );

  test('take what tcpdump takes', async () => {
    const expected = await Promise.all(FILTERS.map((filter) => verdictOf(file, filter)));
    // Each tells packets apart.
    expect(FILTERS.filter((_, i) => expected[i]?.length === 0 || expected[i]?.length === FRAMES.length)).toEqual([]);
    const taken = await captured(box, FILTERS, '--interface two --include-own 1', send);
    expect(taken.map(({ fault }) => fault).filter(Boolean)).toEqual([]);
    expect(
      taken.filter(({ lost, isWhole }) => lost > 0 || !isWhole).map(({ seen, lost, isWhole }) => [seen, lost, isWhole]),
    ).toEqual([]);
    // The kernel takes a tag off before any filter sees the packet: where nobody asks for it, what is inside is looked at.
    const isAsked = (filter: string, number: number) =>
      filter.includes('vlan') || !isTagged(FRAMES[number] ?? FRAMES[0]!);
    const byFilter = (numbers: readonly (readonly number[])[]) =>
      Object.fromEntries(FILTERS.map((filter, i) => [filter, numbers[i]?.filter((number) => isAsked(filter, number))]));
    expect(byFilter(taken.map((each) => numbersIn(each, FRAMES, 0)))).toEqual(byFilter(expected));
  });

  test('take the same on all interfaces at once', async () => {
    const plain = FRAMES.filter((frame) => !isTagged(frame));
    const plainFile = join(folder, 'plain.pcap');
    writeFileSync(plainFile, pcapOf(plain));
    const expected = await Promise.all(COOKED_FILTERS.map((filter) => verdictOf(plainFile, filter)));
    const taken = await captured(box, COOKED_FILTERS, '--interface any --include-own 1', send);
    // Others talk there, too; and what we send comes by twice, going out of one end and coming in at the other.
    const got = taken.map((each) => numbersIn(each, plain, ETHERNET_BYTES).filter((number) => number >= 0));
    const twice = expected.map((numbers) => numbers.flatMap((number) => [number, number]));
    const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
    expect(Object.fromEntries(COOKED_FILTERS.map((filter, i) => [filter, sorted(got[i] ?? [])]))).toEqual(
      Object.fromEntries(COOKED_FILTERS.map((filter, i) => [filter, twice[i]])),
    );
  });

  test('have every packet once, with its processes', async () => {
    const sink = await startInBox(box, `exec ${traffic('sink')}`);
    let sender = 0;
    const [taken] = await captured(box, ['udp dst port 5000'], '--interface lo', async () => {
      const run = `${traffic('sender', '127.0.0.1', 5000, 500, 100)} & pid=$!; wait $pid; echo $pid`;
      sender = Number((await box.ssh(run)).stdout);
    });
    await box.ssh(`kill ${sink}`);
    expect([taken?.seen, taken?.lost]).toEqual([500, 0]);
    expect(taken?.packets.map((packet) => packet.readUInt32BE(ETHERNET_BYTES + 28))).toEqual([...Array(500).keys()]);
    expect(taken?.comments).toEqual(Array.from({ length: 500 }, () => [sender, sink]));
  });
});
