import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type CaptureEnd, type CaptureOptions, startCapture } from '../../../electron/capture/index.ts';
import { FaultError, encodeWire, WIRE } from '../../../remote-agent/protocol/index.ts';
import { type FakeDevice, fakeDevice, say, START_NS } from './fake-device.ts';
import { readPcapng } from './pcapng-reader.ts';

const REQUEST = {
  filter: 'tcp port 1883',
  interface: 'any',
  snapBytes: 262_144,
  rateBytes: 5_000_000,
  ratePackets: 2000,
  includeOwn: false,
};
const FILE = {
  hardware: 'aarch64',
  os: 'Debian',
  application: 'Sonde 0',
  comment: 'on box',
  filter: REQUEST.filter,
  maxBytes: null,
};

/** A capture of what the device says, until it ends by itself. */
async function captured(
  messages: readonly Uint8Array[],
  {
    exit = 0,
    cut = (bytes: Buffer) => [bytes],
    ...options
  }: Partial<CaptureOptions> & { exit?: number | null; cut?: (bytes: Buffer) => Buffer[] } = {},
): Promise<{ end: CaptureEnd; file: Buffer; device: FakeDevice }> {
  const device = fakeDevice();
  const pieces: Uint8Array[] = [];
  const sink = async (piece: Uint8Array): Promise<void> => void pieces.push(Buffer.from(piece));
  const run = await startCapture(device.shell, '/var/lib/sonde/loader-1', {
    request: REQUEST,
    file: FILE,
    sink,
    ...options,
  });
  for (const piece of cut(Buffer.concat(messages))) device.channel.stdout.write(piece);
  device.exit(exit);
  const end = await run.done;
  return { end, file: Buffer.concat(pieces), device };
}

const STREAM = [
  say.begin({ address: [10, 0, 2, 2], port: 40_000 }),
  say.interface(0, 'lo'),
  say.process(812, 'mosquitto'),
  say.process(900, 'mosquitto_pub'),
  say.packets(
    { ns: START_NS + 5n, bytes: Buffer.from('abcde'), originalLength: 1500, sender: 900, receiver: 812 },
    { bytes: Buffer.from('abc'), receiver: 812, type: 2 },
  ),
  say.interface(1, 'eth0'),
  say.packets({ interface: 1, sender: 812, type: 4 }, { interface: 1, type: 1 }, { interface: 1, type: 3 }),
  say.counters(5, { ring: 7, rate: 2, own: 1 }),
  say.end(),
];

describe('a capture', () => {
  test('becomes a file that another reader understands', async () => {
    const { end, file, device } = await captured(STREAM);
    expect(device.commands).toEqual([
      'exec /var/lib/sonde/loader-1 capture --interface any --snap-bytes 262144 --rate-bytes 5000000 --rate-packets 2000 --include-own 0 --filter tcp%20port%201883',
    ]);
    const { section, interfaces, packets, statistics } = readPcapng(file);
    expect(section).toEqual({ hardware: 'aarch64', os: 'Debian', application: 'Sonde 0', comment: 'on box' });
    expect(interfaces.map(({ name, linkType, filter, resolution }) => [name, linkType, filter, resolution])).toEqual([
      ['lo', 276, 'tcp port 1883', 9],
      ['eth0', 276, 'tcp port 1883', 9],
    ]);
    expect(packets.map((each) => [each.interface.name, each.direction, each.reception, each.comment])).toEqual([
      ['lo', 1, 1, 'mosquitto_pub (pid 900) → mosquitto (pid 812)'],
      ['lo', 1, 2, 'to mosquitto (pid 812)'],
      ['eth0', 2, 0, 'from mosquitto (pid 812)'],
      ['eth0', 1, 3, ''],
      ['eth0', 1, 4, ''],
    ]);
    expect(packets[0]).toMatchObject({ ns: START_NS + 5n, bytes: Buffer.from('abcde'), originalLength: 1500 });
    // The kernel counts for all interfaces together: the first one's statistics say so.
    expect(statistics.map(({ accepted, lost, delivered }) => [accepted, lost, delivered])).toEqual([
      [11n, 7n, 2n],
      [3n, 0n, 3n],
    ]);
    expect(statistics[0]?.comment).toBe(
      'Packets lost, on all interfaces together: 7 because the device or the link was too slow, 2 over the rate limit',
    );
    expect(end).toMatchObject({ how: 'asked', fault: null, begin: { own: { address: '10.0.2.2', port: 40_000 } } });
    expect(end.totals).toMatchObject({
      packets: 5,
      packetBytes: 1500 + 3 + 6 * 3,
      fileBytes: file.length,
      seen: 15,
      own: 1,
      lost: { ring: 7, rateLimit: 2, maxSize: 0 },
      processes: [
        { pid: 812, comm: 'mosquitto', packets: 3 },
        { pid: 900, comm: 'mosquitto_pub', packets: 1 },
      ],
      unowned: 2,
    });
  });

  test('is the same wherever the stream is split', async () => {
    const whole = (await captured(STREAM)).file;
    for (const size of [1, 7, 64, 1000]) {
      const cut = (bytes: Buffer) =>
        Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
      expect((await captured(STREAM, { cut })).file.equals(whole)).toBe(true);
    }
  });

  test('is valid wherever the link is cut, and says that it was', async () => {
    const bytes = Buffer.concat(STREAM.slice(0, -1));
    for (let length = 0; length <= bytes.length; length += 11) {
      const { end, file } = await captured([bytes.subarray(0, length)], { exit: null });
      expect(end.fault?.code).toBe('link-lost');
      expect(end.how).toBe('failed');
      if (end.begin) expect(readPcapng(file).packets.length).toBe(end.totals.packets);
      else expect(file.length).toBe(0);
    }
  });

  test('passes the device’s own refusal on', async () => {
    const fault = encodeWire(WIRE.fault, Buffer.from('bad-option\0cannot capture: syntax error\0Look\0\0'));
    const { end, file } = await captured([fault], { exit: 1 });
    expect(end).toMatchObject({
      begin: null,
      fault: { code: 'bad-option', message: 'cannot capture: syntax error', hint: 'Look' },
    });
    expect(file.length).toBe(0);
  });

  test('names a loader that does not run, and one that ended without a word', async () => {
    expect((await captured([], { exit: 127 })).end.fault?.code).toBe('loader-start');
    expect((await captured(STREAM.slice(0, -1), { exit: 1 })).end.fault?.code).toBe('loader-crashed');
  });

  test('tells an interface that has gone', async () => {
    const { end } = await captured([...STREAM.slice(0, -1), say.end(1)]);
    expect(end).toMatchObject({ how: 'interface-gone', fault: null });
  });

  test('shows a hostile process name as one', async () => {
    const { file } = await captured([
      say.begin(),
      say.interface(0, 'lo'),
      say.process(1, '\u001b]0;\u0007evil'),
      say.packets({ sender: 1 }),
      say.end(),
    ]);
    expect(readPcapng(file).packets[0]?.comment).toBe('from \\x1b]0;\\x07evil (pid 1)');
  });

  test('gets no larger than it may, asks the device to end, and counts the rest', async () => {
    const device = fakeDevice();
    const pieces: Buffer[] = [];
    const run = await startCapture(device.shell, '/loader', {
      request: REQUEST,
      file: { ...FILE, maxBytes: 4000 },
      sink: async (piece) => void pieces.push(Buffer.from(piece)),
    });
    const packets = Array.from({ length: 10 }, () => ({ bytes: Buffer.alloc(1000) }));
    device.channel.stdout.write(Buffer.concat([say.begin(), say.interface(0, 'lo'), say.packets(...packets)]));
    await device.asked;
    device.channel.stdout.write(Buffer.concat([say.packets({}), say.counters(11), say.end()]));
    device.exit(0);
    const { how, totals } = await run.done;
    const file = Buffer.concat(pieces);
    expect(how).toBe('max-size');
    expect(file.length).toBeLessThanOrEqual(4000);
    expect(totals).toMatchObject({ packets: 3, seen: 11, lost: { maxSize: 8 }, fileBytes: file.length });
    expect(readPcapng(file).statistics[0]).toMatchObject({ accepted: 11n, delivered: 3n });
  });

  test('holds the device up while the file is being written', async () => {
    const device = fakeDevice();
    let release: () => void = () => {};
    let written = 0;
    const run = await startCapture(device.shell, '/loader', {
      request: REQUEST,
      file: FILE,
      sink: (piece) => {
        written += piece.length;
        return new Promise((resolve) => (release = resolve));
      },
    });
    const big = Buffer.concat([say.begin(), say.interface(0, 'lo')]);
    device.channel.stdout.write(big);
    await expect.poll(() => written).toBeGreaterThan(0);
    const before = written;
    let taken = 0;
    // A stream that nobody reads from takes a bounded amount and then says no.
    while (device.channel.stdout.write(say.packets({ bytes: Buffer.alloc(10_000) }))) taken += 1;
    expect(taken).toBeLessThan(20);
    expect(written).toBe(before);
    const letGo = setInterval(() => release(), 1);
    device.channel.stdout.write(say.end());
    device.exit(0);
    const { totals } = await run.done;
    clearInterval(letGo);
    expect(totals.packets).toBe(taken + 1);
  });

  test('keeps what came when the disk is full', async () => {
    let room = 1;
    const { end } = await captured(STREAM, {
      sink: async () => {
        room -= 1;
        if (room < 0) throw new FaultError({ code: 'file-io', message: 'the disk is full' });
      },
    });
    expect(end).toMatchObject({ how: 'failed', fault: { code: 'file-io' } });
  });
});

describe('a device that cannot be trusted', () => {
  test.each([
    ['packets before the beginning', [say.packets({})]],
    ['a second beginning', [say.begin(), say.begin()]],
    ['an interface out of turn', [say.begin(), say.interface(1, 'eth0')]],
    ['a packet of an unknown interface', [say.begin(), say.packets({})]],
    ['an unknown link type', [say.begin(), say.interface(0, 'x', 147)]],
    ['an unknown end', [say.begin(), say.end(9)]],
    ['an unknown message', [say.begin(), encodeWire(99, new Uint8Array(4))]],
    ['a message that is too short', [encodeWire(32, new Uint8Array(10))]],
    [
      'a packet that is longer than its message',
      [say.begin(), say.interface(0, 'lo'), encodeWire(35, Buffer.alloc(40, 0xff))],
    ],
    ['a message that claims to be huge', [Buffer.alloc(16, 0xff)]],
  ])('is not followed: %s', async (_what, messages) => {
    const { end } = await captured(messages);
    expect(end.fault?.code).toBe('out-of-sync');
  });

  test('ends in a fault or a valid file, whatever it sends', async () => {
    const stream = Buffer.concat(STREAM);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const broken = Buffer.from(stream);
          for (const [at, value] of changes) broken[at] = value;
          const { end, file } = await captured([broken], { exit: null });
          if (file.length > 0) expect(readPcapng(file).packets.length).toBe(end.totals.packets);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that never begins is not waited for', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const device = fakeDevice();
    const run = await startCapture(device.shell, '/loader', { request: REQUEST, file: FILE, sink: async () => {} });
    device.channel.stderr.write('busy\n'.repeat(1000));
    await vi.advanceTimersByTimeAsync(130_000);
    device.channel.stdout.destroy(); // as the connection does with what was killed
    expect((await run.done).fault?.message).toContain('did not begin within 120 s');
  });

  test('that never ends is not waited for', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const device = fakeDevice();
    const pieces: Uint8Array[] = [];
    const run = await startCapture(device.shell, '/loader', {
      request: REQUEST,
      file: FILE,
      sink: async (piece) => void pieces.push(piece),
    });
    device.channel.stdout.write(Buffer.concat(STREAM.slice(0, -1)));
    // Long after it has begun nothing is wrong.
    await vi.advanceTimersByTimeAsync(1_000_000);
    device.channel.stdout.end(); // and the command goes on
    await vi.advanceTimersByTimeAsync(40_000);
    const { fault, totals } = await run.done;
    expect(fault?.message).toContain('its packets ended, and the command did not');
    expect(readPcapng(Buffer.concat(pieces)).packets.length).toBe(totals.packets);
  });

  test('cannot make it hold more processes than a kernel has', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => say.process(i + 1, 'x'));
    const { end } = await captured([
      say.begin(),
      say.interface(0, 'lo'),
      ...many,
      say.packets({ sender: 1, receiver: 40_000 }),
      say.end(),
    ]);
    expect(end.totals.processes).toEqual([{ pid: 40_000, comm: 'x', packets: 1 }]);
  });
});
