/** A recording that a device says it has made by itself, fetched by `sonde`: lies, bombs and endless bytes. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import { encodeFrame } from '../../remote-agent/protocol/framing.ts';
import { blockHeader, encodeAgentFrame } from '../../remote-agent/protocol/index.ts';
import { type Deeds, end, pour } from './hostile-device.ts';
import { RUNS } from './hostile-runs.ts';
import { device, folder, MAX_PEAK_MB, type Ran, sondeAgainst, useHostileDevice } from './hostile-stage.ts';

useHostileDevice();

const MB = 1 << 20;
const ID = '20261123-010203-abcdef';
const STATUS = {
  id: ID,
  origin: 'order',
  state: 'ended',
  reason: 'its time is over',
  hostname: 'edge-box',
  destination: 'root@edge-box',
  pid: 1,
  startedMs: 1_790_000_000_000,
  seconds: 60,
  bytes: 1000,
  maxBytes: 1e9,
  forS: 60,
  probes: ['cpu-profile'],
  failures: [],
  triggers: [],
  firings: 0,
};
const HONEST = (RUNS[0] ?? []).map((payload) => encodeFrame(payload));

const block = (content: Uint8Array): Buffer => {
  const packed = gzipSync(content);
  return Buffer.concat([blockHeader(packed), packed]);
};
const NOTE = encodeFrame(
  encodeAgentFrame({ seq: 1n, body: { case: 'note', value: { atNs: 1n, text: 'x'.repeat(100) } } }),
);

/** Lists one with this status, and hands these bytes over. */
const having = (records: Uint8Array, status: object = STATUS, bytes: number | bigint = records.length): Deeds => ({
  list: (channel) =>
    end(channel, `flight /var/lib/sonde/flight/${ID} ${bytes} 0\nsonde-status ${JSON.stringify(status)}\nlooked\n`),
  read: (channel, command) => {
    channel.resume();
    const from = Number(/tail -c \+(\d+)/.exec(command)?.[1] ?? 1) - 1;
    channel.write(Buffer.from(records).subarray(from), () => end(channel, ''));
  },
});

let place = '';
beforeEach(() => {
  place = path.join(folder, 'fetched');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
});

interface Fetched extends Ran {
  readonly left: readonly string[];
  /** Asked for on the device. */
  readonly deleted: boolean;
}

async function fetchAgainst(deeds: Deeds, ...words: readonly string[]): Promise<Fetched> {
  const output = words.includes('-o') ? [] : ['-o', path.join(place, 'it.sonde.mcap')];
  const ran = await sondeAgainst(deeds, { words: ['fetch', ...output, ...words] });
  expect(ran.err).not.toContain('an error in Sonde itself');
  expect(ran.peakMb).toBeLessThan(MAX_PEAK_MB);
  const deleted = device.commands.some((command) => command.includes('rm -rf') && command.includes(ID));
  return { ...ran, left: readdirSync(place), deleted };
}

async function windowsIn(name: string): Promise<number> {
  const reader = await openRecording(path.join(place, name));
  expect(reader.warning).toBeNull();
  let windows = 0;
  for await (const signal of reader.signals()) if (signal.kind === 'window') windows++;
  await reader.close();
  return windows;
}

test('an honest one comes whole, and is deleted there', async () => {
  const { code, left, deleted } = await fetchAgainst(having(block(Buffer.concat(HONEST))));
  expect([code, left, deleted]).toEqual([0, ['it.sonde.mcap'], true]);
  expect(await windowsIn('it.sonde.mcap')).toBeGreaterThan(0);
});

describe('sizes that lie', () => {
  test('of more bytes than any may have', async () => {
    const { err, left, deleted } = await fetchAgainst(having(Buffer.alloc(9), STATUS, 10n ** 19n));
    expect(err).toMatch(/more than any may have/);
    expect([left, deleted]).toEqual([[], false]);
  });

  test('of fewer than come: no disk is filled', async () => {
    const piece = Buffer.alloc(64 << 10, 'no end ');
    const { err, left } = await fetchAgainst({
      ...having(Buffer.alloc(9)),
      read: (channel) => {
        channel.resume();
        void pour(channel, () => piece);
      },
    });
    expect(err).toMatch(/sends far more than it said there is/);
    expect(left).toEqual([]);
  });

  test('of more than come: what came stays for the next time, and that is said', async () => {
    const records = block(Buffer.concat(HONEST));
    const cut = await fetchAgainst(having(records.subarray(0, 100), STATUS, records.length));
    expect(cut.err).toMatch(/100 of \d+ bytes came/);
    expect(cut.err).toMatch(/what is here already is not fetched twice/);
    expect(cut.left).toEqual([`.sonde-fetch-${ID}.part`]);
    const again = await fetchAgainst(having(records));
    expect([again.code, again.left]).toEqual([0, ['it.sonde.mcap']]);
  });
});

describe('bombs', () => {
  test('blocks of millions of frames with nothing in them', async () => {
    const empty = block(Buffer.alloc(16 * MB - 4));
    const { err, left, deleted } = await fetchAgainst(having(Buffer.concat(Array.from({ length: 8 }, () => empty))));
    expect(err).toMatch(/nothing in the unattended recording can be read/);
    expect([left, deleted]).toEqual([[], false]);
  });

  test('blocks that unpack to gigabytes', async () => {
    const bomb = block(Buffer.alloc(256 * MB));
    const { code, left } = await fetchAgainst(having(Buffer.concat([bomb, block(Buffer.concat(HONEST)), bomb])));
    expect([code, left]).toEqual([0, ['it.sonde.mcap']]);
  });

  test('records by the million, packed into next to nothing', async () => {
    const packed = block(Buffer.concat(Array.from({ length: 100_000 }, () => NOTE)));
    const { err, left, deleted } = await fetchAgainst(having(Buffer.concat(Array.from({ length: 40 }, () => packed))));
    expect(err).toMatch(/it unfolds to far more than was recorded/);
    expect([left, deleted]).toEqual([[], false]);
  });

  test('lists without an end', async () => {
    const line = `flight /var/lib/sonde/flight/${ID} 1 0\n`.repeat(1000);
    const endless = await fetchAgainst({
      list: (channel) => {
        channel.resume();
        void pour(channel, () => Buffer.from(line));
      },
    });
    expect(endless.err).toMatch(/answered with more than/);
    const long = await fetchAgainst({ list: (channel) => end(channel, `${line.repeat(50)}looked\n`) }, '--list');
    expect([long.code, long.left]).toEqual([0, []]);
  });
});

describe('what it says of itself', () => {
  test('names that are paths, controls and directions; times of no calendar', async () => {
    const evil = '../../\u001b[31m\u202e/etc/passwd';
    const status = {
      ...STATUS,
      hostname: evil,
      destination: evil,
      reason: evil,
      probes: [evil],
      failures: [evil],
      startedMs: 1e300,
      seconds: -1,
      firings: 'many',
    };
    const records = having(block(Buffer.concat(HONEST)), status);
    const listed = await fetchAgainst(records, '--list', '-o', 'x');
    const { code, out, err } = await fetchAgainst(records, '-o', path.join(place, 'named.sonde.mcap'));
    expect(code, err).toBe(0);
    for (const text of [listed.out, out, err])
      expect(text.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(await windowsIn('named.sonde.mcap')).toBeGreaterThan(0);
  });

  test('a name for the file stays in the folder', async () => {
    const status = { ...STATUS, hostname: '../../../tmp/evil' };
    const { code, out } = await sondeAgainst(having(block(Buffer.concat(HONEST)), status), { words: ['fetch'] });
    expect(code).toBe(0);
    const [, written = ''] = / into (\S+) /.exec(out) ?? [];
    expect(path.dirname(written)).toBe(folder);
    expect(existsSync(written)).toBe(true);
  });

  test('identities and folders that are commands are passed over', async () => {
    const list = [
      `flight /var/lib/sonde/flight/$(reboot) 1 0`,
      `flight /var/lib/$(reboot)/${ID} 1 0`,
      'flight ../../../etc 1 0',
      'looked\n',
    ].join('\n');
    const { err, left } = await fetchAgainst({ list: (channel) => end(channel, list) });
    expect(err).toMatch(/there is nothing to fetch/);
    expect(left).toEqual([]);
  });
});

test('records that contradict each other: what came before is kept, nothing is deleted there, and it is said', async () => {
  const contradiction = encodeFrame(
    encodeAgentFrame({
      seq: BigInt(HONEST.length + 1),
      body: { case: 'definitions', value: { processes: [{ id: 77_000 }] } },
    } as Parameters<typeof encodeAgentFrame>[0]),
  );
  const records = block(Buffer.concat([...HONEST, contradiction, contradiction]));
  const { code, err, left, deleted } = await fetchAgainst(having(records));
  expect(code).toBe(0);
  expect(err).toMatch(/2 records do not fit to what came before them and are left out/);
  expect([left, deleted]).toEqual([['it.sonde.mcap'], false]);
  expect(await windowsIn('it.sonde.mcap')).toBeGreaterThan(0);
});
