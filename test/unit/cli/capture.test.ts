import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startCapture } from '../../../electron/capture/index.ts';
import { parseBytes } from '../../../electron/cli/quantities.ts';
import type { Rooms } from '../../../electron/cli/index.ts';
import { encodeWire, raise, WIRE } from '../../../remote-agent/protocol/index.ts';
import { type FakeDevice, fakeDevice, say } from '../capture/fake-device.ts';
import { readPcapng } from '../capture/pcapng-reader.ts';
import { type FakeOptions, type FakeWorld, fakeWorld, sonde } from './fake-world.ts';

let folder = '';
let device: FakeDevice;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sonde-capture-'));
  device = fakeDevice();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Everything on the way to a device works; there, the test says what is captured. */
function world(options: FakeOptions = {}): FakeWorld {
  const facts = {
    hostname: 'edge-box',
    machine: 'aarch64',
    arch: 'aarch64',
    osName: 'Debian',
    kernelRelease: '6.1',
    clockOffsetMs: -2500,
  };
  const rooms = {
    connect: async () => ({ close: async () => undefined }),
    detect: async () => facts,
    becomeRoot: async () => device.shell,
    findArtifacts: async () => ({}),
    installLoader: async () => '/var/lib/sonde/loader-1',
    startCapture,
  };
  return fakeWorld({ cwd: folder, rooms: rooms as unknown as Partial<Rooms>, ...options });
}

const OWN = { address: [10, 0, 2, 2], port: 40_000 };
const STREAM = [
  say.begin(OWN),
  say.interface(0, 'eth0', 1),
  say.process(812, 'mosquitto'),
  say.packets({ receiver: 812 }, { receiver: 812 }, {}),
];

function give(...messages: readonly Uint8Array[]): void {
  device.channel.stdout.write(Buffer.concat(messages));
}

describe('sonde capture', () => {
  test('writes a file, and says what is in it and what is not', async () => {
    give(...STREAM, say.counters(3, { ring: 4, rate: 5 }), say.end());
    device.exit(0);
    const file = path.join(folder, 'a.pcapng');
    const { code, out, err } = await sonde(['capture', 'box', '-o', 'a.pcapng', '--filter', 'port 1883'], world());
    expect(code, err).toBe(0);
    expect(err).toContain("Sonde's own SSH connection (from 10.0.2.2:40000) is left out");
    expect(out).toContain(`captured 3 packets, 18 B, in 0.0 s into ${file}`);
    expect(out).toContain('2  mosquitto (pid 812)');
    expect(out).toContain('4 packets lost: the device or the link was too slow');
    expect(out).toContain('5 packets left out over the rate limit');
    const { section, packets } = readPcapng(readFileSync(file));
    expect(packets.length).toBe(3);
    expect(section.comment).toBe("Captured on edge-box\nIts clock was 2.5 s behind the workstation's");
    expect(section.os).toBe('Debian, Linux 6.1');
  });

  test('gives scripts the same numbers', async () => {
    give(...STREAM, say.counters(3, { ring: 4, own: 2 }), say.end());
    device.exit(0);
    const { out } = await sonde('capture box -o a.pcapng --json', world());
    const { file, bytes, ...rest } = JSON.parse(out) as { file: string; bytes: number };
    expect(bytes).toBe(readFileSync(file).length);
    expect(rest).toEqual({
      ok: true,
      seconds: 0,
      interrupted: false,
      end: 'asked',
      packets: 3,
      packetBytes: 18,
      seen: 9,
      own: 2,
      lost: { ring: 4, rateLimit: 0, maxSize: 0 },
      interfaces: [{ name: 'eth0', packets: 3 }],
      processes: [{ pid: 812, comm: 'mosquitto', packets: 2 }],
      unowned: 1,
    });
  });

  test('ends after its time, and at Ctrl-C, by asking the device to', async () => {
    for (const stop of ['time', 'interrupt'] as const) {
      device = fakeDevice();
      const at = world();
      const ran = sonde(
        ['capture', 'box', '-o', `${stop}.pcapng`, '--json', ...(stop === 'time' ? ['--for', '20s'] : [])],
        at,
      );
      give(...STREAM);
      await expect.poll(() => at.err()).toContain('is left out');
      if (stop === 'time') at.pass(20_000);
      else at.interrupt();
      await device.asked;
      give(say.counters(3), say.end());
      device.exit(0);
      const { code, out } = await ran;
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        packets: 3,
        interrupted: stop === 'interrupt',
        seconds: stop === 'time' ? 20 : 0,
      });
    }
  });

  test('ends at once at a second Ctrl-C', async () => {
    const at = world();
    void sonde('capture box -o a.pcapng', at).catch(() => undefined);
    give(...STREAM);
    await expect.poll(() => at.err()).toContain('is left out');
    at.interrupt();
    expect(() => at.interrupt()).toThrow('exit at once with 130');
    device.exit(0);
  });

  test('writes to stdout what Wireshark reads, and words to stderr', async () => {
    give(...STREAM, say.counters(3), say.end());
    device.exit(0);
    const { code, err } = await sonde('capture box -o - --packet-limit 2000', world());
    expect(code).toBe(0);
    expect(err).toContain('captured 3 packets');
    expect(device.commands[0]).toContain('--rate-bytes 5000000 --rate-packets 2000');
  });

  test('keeps what came before the link was cut, and says that it was', async () => {
    give(...STREAM);
    device.exit(null);
    const { code, out } = await sonde('capture box -o a.pcapng --json', world());
    expect(code).toBe(16);
    expect(JSON.parse(out)).toMatchObject({ ok: false, end: 'failed', packets: 3, fault: { code: 'link-lost' } });
    expect(readPcapng(readFileSync(path.join(folder, 'a.pcapng'))).packets.length).toBe(3);
  });

  test('says that nothing matched', async () => {
    give(say.begin(OWN), say.counters(0), say.end());
    device.exit(0);
    const { out } = await sonde(['capture', 'box', '-o', 'a.pcapng', '--json', '--filter', 'port 9'], world());
    expect(JSON.parse(out)).toMatchObject({ ok: true, warning: { message: 'no packet matched port 9' } });
  });

  test('leaves no file where nothing was captured', async () => {
    give(
      encodeWire(
        WIRE.fault,
        Buffer.from('bad-option\0cannot capture: there is no interface eth9\0There are: any, lo\0\0'),
      ),
    );
    device.exit(1);
    const { code, err } = await sonde('capture box -o a.pcapng --interface eth9', world());
    expect(code).toBe(50);
    expect(err).toContain('there is no interface eth9');
    expect(existsSync(path.join(folder, 'a.pcapng'))).toBe(false);
  });

  test('never overwrites a file', async () => {
    for (const code of [0, 52]) {
      device = fakeDevice();
      give(...STREAM, say.end());
      device.exit(0);
      expect((await sonde('capture box -o a.pcapng', world())).code).toBe(code);
    }
  });

  test('refuses what cannot be before it goes to a device', async () => {
    const nowhere = world({
      isTerminal: true,
      rooms: { connect: () => raise('host-unreachable', 'it went to the device') },
    });
    for (const [words, message] of [
      ['--snap 10', '--snap must lie between 64 and 262144'],
      ['--rate-limit 0', '--rate-limit must lie between'],
      ['--rate-limit 5', null],
      ['--rate-limit fast', 'cannot understand --rate-limit fast'],
      ['--max-size 10XB', 'cannot understand --max-size 10XB'],
      ['--for ever', 'cannot understand --for ever'],
      ['-o - --json', 'cannot write both packets and JSON to stdout'],
      ['-o -', 'cannot write packets to a terminal'],
    ] as const) {
      const { code, err, out } = await sonde(`capture box ${words}`, nowhere);
      expect([words, code]).toEqual([words, message === null ? 10 : 2]);
      if (message !== null) expect(err + out).toContain(message);
    }
  });
});

test('sizes are read as people write them', () => {
  const read = (text: string, perSecond = false) => parseBytes(text, '--size', perSecond);
  expect(['262144', '100MB', '1.5 GB', '64KiB', '500kB', '2G'].map((text) => read(text))).toEqual([
    262_144, 100e6, 1.5e9, 65_536, 500e3, 2e9,
  ]);
  expect(read('5MB/s', true)).toBe(5e6);
  for (const wrong of ['', 'MB', '-1', '5MB/s', '1e6', '5 apples'])
    expect(() => read(wrong), wrong).toThrow('cannot understand');
});
