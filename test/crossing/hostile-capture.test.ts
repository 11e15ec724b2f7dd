/** Packets from a device that means harm, into `sonde capture`: what came is kept and valid, the rest is refused in words. */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ServerChannel } from 'ssh2';
import { describe, expect, test } from 'vitest';
import { CAPTURE_SIZES, CAPTURE_WIRE } from '../../electron/capture/wire.ts';
import { encodeWire } from '../../remote-agent/protocol/index.ts';
import { type FakePacket, say } from '../unit/capture/fake-device.ts';
import { type ReadFile, readPcapng } from '../unit/capture/pcapng-reader.ts';
import { type Deed, end, ignoreWindows, pour, refuseEnds } from './hostile-device.ts';
import { folder, MAX_PEAK_MB, type Ran, sondeAgainst, useHostileDevice } from './hostile-stage.ts';

useHostileDevice();

const MB = 1 << 20;
const FIRST = [say.begin(), say.interface(0, 'eth0'), say.process(7, 'mosquitto')];
const HONEST = say.packets({ sender: 7 }, { receiver: 7 });
const file = () => path.join(folder, 'hostile.pcapng');

/** Says all of it and ends as the loader does. */
const saying =
  (...pieces: readonly Uint8Array[]): Deed =>
  (channel) => {
    channel.resume();
    channel.write(Buffer.concat(pieces), () => end(channel, ''));
  };

interface Captured extends Ran {
  /** null = there is none. */
  readonly read: ReadFile | null;
}

async function captureAgainst(capture: Deed, ...words: readonly string[]): Promise<Captured> {
  rmSync(file(), { force: true });
  const ran = await sondeAgainst({ capture }, { words: ['capture', '-o', file(), ...words] });
  expect(ran.err).not.toContain('an error in Sonde itself');
  expect(ran.peakMb).toBeLessThan(MAX_PEAK_MB);
  return { ...ran, read: existsSync(file()) ? readPcapng(readFileSync(file())) : null };
}

/** A packet whose head says what the test wants. */
function lying(head: { readonly captured?: number; readonly original?: number }, bytes = 60): Uint8Array {
  const packet = Buffer.alloc(CAPTURE_SIZES.packet + bytes);
  packet.writeUInt32LE(head.captured ?? bytes, 12);
  packet.writeUInt32LE(head.original ?? bytes, 16);
  return encodeWire(CAPTURE_WIRE.packets, packet);
}

function counting(...numbers: readonly bigint[]): Uint8Array {
  const bytes = Buffer.alloc(CAPTURE_SIZES.counters);
  for (const [i, number] of numbers.entries()) bytes.writeBigUInt64LE(number, (i + 1) * 8);
  return encodeWire(CAPTURE_WIRE.counters, bytes);
}

describe('lengths and counts that lie', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['a packet longer than its message', lying({ captured: 4e9 }), /claims to have 4000000000 bytes/],
    ['a packet shorter on the wire than here', lying({ original: 10 }), /60 bytes are of a packet of 10/],
    ['a packet longer than any that is asked for', lying({}, 400_000), /400000 bytes are of a packet of 400000/],
    ['a head that is cut', encodeWire(CAPTURE_WIRE.packets, Buffer.alloc(9)), /a packet is cut/],
    ['a message of four gigabytes', Buffer.alloc(16, 0xff), /a message claims to be 4294967295 bytes long/],
    [
      'more packets than there can be',
      counting(2n ** 64n - 1n, 0n, 0n, 2n ** 64n - 1n, 0n),
      /it counts 18446744073709551615/,
    ],
    ['counts that do not add up', counting(9n, 2n, 0n, 0n, 0n), /9 packets were seen and 2 accounted for/],
    ['an interface that nobody has told of', say.packets({ interface: 4_000_000_000 }), /of interface 4000000000/],
    ['a second beginning', say.begin(), /it began twice/],
  ])('%s: what came before it is in a file that others read', async (_what, lie, words) => {
    const { code, err, out, read } = await captureAgainst(saying(...FIRST, HONEST, lie, HONEST));
    expect(err).toMatch(words);
    expect(code).toBeGreaterThanOrEqual(10);
    expect(read?.packets.map(({ comment }) => comment)).toEqual(['from mosquitto (pid 7)', 'to mosquitto (pid 7)']);
    expect(out).toContain(`captured 2 packets, 12 B`);
    expect(out).toContain(file());
  });

  test('before anything was captured no file is left', async () => {
    const { read, err } = await captureAgainst(saying(counting(1n, 1n, 0n, 0n, 0n)));
    expect(read).toBeNull();
    expect(err).toMatch(/it did not begin with its beginning/);
  });
});

describe('names', () => {
  const EVIL = '\u001b]0;\u0007=cmd';
  const SHOWN = '\\x1b]0;\\x07=cmd';

  test('that are controls, directions and markup are text in comments, names and the terminal', async () => {
    const direction = Buffer.alloc(CAPTURE_SIZES.process);
    direction.writeUInt32LE(9, 0);
    direction.write('\u202e</script>', 4);
    const { out, err, read } = await captureAgainst(
      saying(
        say.begin(),
        say.interface(0, EVIL),
        say.process(7, EVIL),
        encodeWire(CAPTURE_WIRE.process, direction),
        say.packets({ sender: 7, receiver: 9 }),
        say.counters(1),
        say.end(),
      ),
    );
    expect(read?.interfaces[0]?.name).toBe(SHOWN);
    expect(read?.packets[0]?.comment).toBe(`${SHOWN} (pid 7) → \\u{202e}</script> (pid 9)`);
    expect(out).toContain(`${SHOWN} (pid 7)`);
    expect((out + err).replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

describe('without an end', () => {
  /** Small ones: of each, much more is written than came. */
  const many: FakePacket[] = Array.from({ length: 2000 }, () => ({ bytes: Buffer.alloc(1), sender: 7, receiver: 7 }));
  const MANY = say.packets(...many);

  async function pourPackets(channel: ServerChannel): Promise<void> {
    channel.resume(); // deaf to its standard input's end
    channel.write(Buffer.concat(FIRST));
    await pour(channel, () => MANY);
  }

  test('packets: the file gets no larger than it may, and the device is not waited for long', async () => {
    const { err, out, read } = await captureAgainst(pourPackets, '--max-size', '3MB');
    expect(err).toMatch(/did not end within 30 s of being asked to/);
    expect(statSync(file()).size).toBeLessThanOrEqual(3e6);
    expect(read?.packets.length).toBeGreaterThan(10_000);
    expect(out).toMatch(/packets came after the file was full/);
  });

  test('packets that nobody asked for', async () => {
    const { err } = await captureAgainst(
      async (channel) => {
        channel.resume();
        ignoreWindows(channel);
        channel.write(Buffer.concat(FIRST));
        await pour(channel, () => MANY);
      },
      '--max-size',
      '3MB',
    );
    expect(err).toMatch(/sends more than it was asked for|connection ended|did not end within/);
  });

  test('a command that does not end, whatever it is told', async () => {
    const { err, read } = await captureAgainst(
      (channel) => {
        refuseEnds(channel);
        channel.resume();
        channel.write(Buffer.concat([...FIRST, HONEST]));
      },
      '--for',
      '1s',
    );
    expect(err).toMatch(/did not end within 30 s of being asked to/);
    expect(read?.packets.length).toBe(2);
  });

  test('processes and names', async () => {
    const names = Buffer.concat(Array.from({ length: 5000 }, (_, i) => say.process(i, 'x'.repeat(16))));
    let sent = 0;
    const { code, read } = await captureAgainst(async (channel) => {
      channel.resume();
      channel.write(Buffer.concat(FIRST));
      await pour(channel, () => ((sent += names.length) < 100 * MB ? names : null));
      channel.write(Buffer.concat([HONEST, say.counters(2), say.end()]), () => end(channel, ''));
    });
    expect(code).toBe(0);
    expect(read?.packets.length).toBe(2);
  });

  test('complaints, and a command that outlives its packets', async () => {
    const noise = Buffer.alloc(64 << 10, 'no end ');
    const { err, read } = await captureAgainst((channel) => {
      channel.resume();
      channel.write(Buffer.concat([...FIRST, HONEST]));
      (channel as unknown as { eof(): void }).eof();
      void pour(channel.stderr as unknown as Parameters<typeof pour>[0], () => noise);
    });
    expect(err).toMatch(/its packets ended, and the command did not|connection ended/);
    expect(read?.packets.length).toBe(2);
  });
});
