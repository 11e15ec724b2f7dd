import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openRecording } from '../../../electron/recording/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';
import { flowDef, flowWindow } from '../../fixtures/flows.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { changedCopy, keptSamples, readBack, record, temporaryFolder } from './helpers.ts';

/** Twenty seconds in which each second brings something new, so that a hole tears definitions out. */
function busyBox(): Signal[] {
  const lines = Array.from({ length: 20 }, (_, second) => {
    const thread = second % 3 === 0 ? `worker-${second}` : 'nginx';
    return `nginx/${thread};main;step_${second};leaf_${second}_[k] ${second + 1} @${second}\nnginx;main;loop 2 @${second}\napp-${second % 4};main;go@lib${second % 5}.so @${second}`;
  });
  return signalsFromStacks(lines.join('\n'));
}

/** Samples of its last second. */
const LARGEST_SECOND = 20 + 2 + 1;

async function sample(): Promise<{ file: string; signals: Signal[] }> {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const signals = busyBox();
  await record(file, signals, { now: () => Date.UTC(2026, 0, 2) });
  return { file, signals };
}

test('cut at every 1000th byte, it opens with all that was whole before the cut', async () => {
  const { file, signals } = await sample();
  const whole = await openRecording(file);
  await whole.close();
  let most = 0;
  for (let length = 1000; length < whole.info.bytes; length += 1000) {
    const cut = await changedCopy(file, (bytes) => bytes.subarray(0, length));
    const back = await readBack(cut).catch((error: Error) => error);
    if (back instanceof Error) throw new Error(`cut at ${length}: ${back.message}`);
    expect(signals.slice(0, back.signals.length), `cut at ${length}`).toEqual(back.signals);
    expect(back.signals.length).toBeGreaterThanOrEqual(most);
    // Cut within the index, no data is missing.
    if (back.complete) expect(back).toEqual({ signals, warning: null, complete: true });
    most = back.signals.length;
    if (back.warning)
      expect(back.warning).toMatchObject({ code: 'bad-recording', message: expect.stringContaining('it has no end') });
  }
  expect(most).toBe(signals.length); // the last cuts only take from the index
});

test('with a bit flipped anywhere it opens, and says what is missing', async () => {
  const { file, signals } = await sample();
  const total = keptSamples(signals);
  const random = seededRandom(2026);
  for (let i = 0; i < 400; i++) {
    const at = random();
    const bit = Math.floor(random() * 8);
    const flipped = await changedCopy(file, (bytes) => {
      // Without its first eight bytes it is no MCAP file.
      const place = 8 + Math.floor(at * (bytes.length - 8));
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      return bytes;
    });
    const back = await readBack(flipped).catch((error: Error) => error);
    const where = `bit ${bit} at ${at}`;
    if (back instanceof Error) throw new Error(`${where}: ${back.stack}`);
    const kept = keptSamples(back.signals);
    if (kept < total) expect(back.warning, where).not.toBeNull();
    expect(total - kept, where).toBeLessThanOrEqual(LARGEST_SECOND);
    expect(back.signals[0]?.kind, where).toBe('device');
  }
});

test('a hole is filled with placeholders and measured', async () => {
  const { file, signals } = await sample();
  const bytes = await changedCopy(file, (bytes) => {
    const chunks = chunkOffsets(bytes);
    for (const chunk of chunks.slice(4, 7)) bytes.fill(0xff, chunk + 80, chunk + 100);
    return bytes;
  });
  const { signals: back, warning } = await readBack(bytes);
  expect(warning?.message).toMatch(/3 damaged places were skipped, about 3\.0 s are missing/);
  const names = back.flatMap((signal) =>
    signal.kind === 'definitions' ? signal.frames.map((frame) => frame.name) : [],
  );
  expect(names).toContain('[lost]');
  expect(names).toContain('step_10');
  expect(keptSamples(back)).toBe(keptSamples(signals) - 3 * 3 - (5 + 6 + 7));
});

test('flows whose definitions are lost stay unknown, and their rows are read', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const [device] = signalsFromStacks('');
  const seconds = Array.from({ length: 6 }, (_, second): Signal[] => [
    definitionsOf({ flows: [flowDef({ id: 2 * second + 1 }), flowDef({ id: 2 * second + 2 })] }),
    flowWindow(second * 1e9, second * 1e9 + 1e9, [
      { flow: 2 * second + 2, 'packets-sent': 1 },
      { flow: 2 * Math.max(0, second - 1) + 1, 'packets-sent': 1 },
    ]),
  ]);
  const signals = [device as Signal, ...seconds.flat()];
  await record(file, signals);
  expect((await readBack(file)).signals).toEqual(signals);
  const broken = await changedCopy(file, (bytes) => {
    const chunk = chunkOffsets(bytes)[2] ?? 0;
    return bytes.fill(0xff, chunk + 80, chunk + 100);
  });
  const { signals: back, warning } = await readBack(broken);
  expect(warning?.message).toMatch(/a damaged place was skipped/);
  const flows = back.flatMap((signal) => (signal.kind === 'definitions' ? signal.flows : []));
  expect(flows.map(({ id }) => id)).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
  expect(back.filter(({ kind }) => kind === 'window')).toEqual(
    signals.filter((signal) => signal.kind === 'window' && signal.fromNs !== 2e9),
  );
});

test('with its first chunk lost it still begins with a device', async () => {
  const { file } = await sample();
  const bytes = await changedCopy(file, (bytes) =>
    bytes.fill(0, chunkOffsets(bytes)[0]! + 80, chunkOffsets(bytes)[0]! + 90),
  );
  const { signals } = await readBack(bytes);
  expect(signals[0]).toMatchObject({ kind: 'device', hostname: 'edge-box' });
});

test('two runs in one file, the device record between them lost', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const run = signalsFromStacks('nginx;main;loop 2\nsh;main @1');
  const second = signalsFromStacks('other;main;go 5');
  await record(file, [...run, ...second]);
  expect((await readBack(file)).signals).toEqual([...run, ...second]);
  await record(`${file}-2`, [...run, ...second.slice(3)]); // without device, clock, started
  const { signals, warning } = await readBack(`${file}-2`);
  expect(signals.filter((signal) => signal.kind === 'device')).toHaveLength(2);
  expect(signals.slice(-4)).toEqual(second.slice(3));
  expect(warning).toBeNull();
});

test.each([
  ['nothing', '', 'the file is empty'],
  ['text', 'hello, this is not a recording at all', 'not an MCAP file'],
  ['half a magic', '\x89MCA', 'not an MCAP file'],
])('%s is refused in plain words', async (_, content, message) => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await writeFile(file, content, 'latin1');
  await expect(openRecording(file)).rejects.toMatchObject({
    fault: { code: 'bad-recording', message: expect.stringContaining(message), hint: expect.any(String) },
  });
});

test('an MCAP file of someone else is refused', async () => {
  const { file } = await sample();
  const foreign = await changedCopy(file, (bytes) =>
    Buffer.from(bytes.toString('latin1').replaceAll('sonde', 'other'), 'latin1'),
  );
  await expect(openRecording(foreign)).rejects.toMatchObject({
    fault: { code: 'bad-recording', message: expect.stringContaining("not one of Sonde's") },
  });
});

test('a folder, a missing file', async () => {
  await expect(openRecording('/tmp')).rejects.toMatchObject({
    fault: { code: 'file-io', message: 'cannot open /tmp: it is a folder' },
  });
  await expect(openRecording('/nowhere.mcap')).rejects.toMatchObject({
    fault: { code: 'file-io', message: 'cannot open /nowhere.mcap: no such file or folder' },
  });
});

test('a newer format opens with what is known of it', async () => {
  const { file, signals } = await sample();
  const newer = await changedCopy(file, (bytes) => {
    const at = bytes.indexOf('formatVersion') + 'formatVersion'.length + 4;
    bytes.write('7', at);
    return bytes;
  });
  const back = await readBack(newer);
  expect(back.signals).toEqual(signals);
  expect(back.warning).toMatchObject({
    message: expect.stringContaining('its format 7 is newer'),
    hint: expect.stringContaining('newer Sonde'),
  });
});

/** Where chunks begin: opcode 6, found through their own length fields. */
function chunkOffsets(bytes: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = 8; at + 9 <= bytes.length; at += 9 + Number(bytes.readBigUInt64LE(at + 1))) {
    if (bytes[at] === 0x06) offsets.push(at);
    if (bytes[at] === 0x0f) break;
  }
  return offsets;
}
