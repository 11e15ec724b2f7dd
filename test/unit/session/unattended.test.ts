/** What a device has recorded by itself, as it lies on its disk, read back: whole, cut, damaged, hostile. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRecording } from '../../../electron/recording/index.ts';
import { toRecording } from '../../../electron/session/index.ts';
import { UnattendedBlocks } from '../../../electron/session/unattended/block-reader.ts';
import {
  blockHeader,
  encodeAgentFrame,
  encodeFrame,
  faultOf,
  MAX_BLOCK_LENGTH,
  parseStatus,
  type UnattendedStatus,
} from '../../../remote-agent/protocol/index.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sonde-blocks-'));
  file = path.join(folder, 'records');
});
afterEach(() => rmSync(folder, { recursive: true }));

const STATUS: UnattendedStatus = {
  origin: 'order',
  id: '20261123-010203-abcdef',
  state: 'ended',
  reason: '',
  hostname: 'edge-7',
  destination: 'root@edge-7',
  pid: 1,
  startedMs: 1_700_000_000_000,
  seconds: 60,
  bytes: 0,
  maxBytes: 1e6,
  forS: 60,
  probes: [],
  failures: [],
  triggers: [],
  firings: 0,
};

const note = (seq: number) =>
  encodeAgentFrame({ seq: BigInt(seq), body: { case: 'note', value: { atNs: BigInt(seq * 1e9), text: `n${seq}` } } });

function block(...seqs: readonly number[]): Buffer {
  const packed = gzipSync(Buffer.concat(seqs.map((seq) => encodeFrame(note(seq)))));
  return Buffer.concat([blockHeader(packed), packed]);
}

async function read(...pieces: readonly Uint8Array[]): Promise<{ seqs: number[]; damaged: number }> {
  writeFileSync(file, Buffer.concat(pieces));
  const handle = await open(file);
  try {
    const blocks = new UnattendedBlocks(handle);
    const seqs: number[] = [];
    for await (const frames of blocks.batches()) seqs.push(...frames.map(({ seq }) => Number(seq)));
    return { seqs, damaged: blocks.damagedBytes };
  } finally {
    await handle.close();
  }
}

test('blocks are read one after the other', async () => {
  expect(await read()).toEqual({ seqs: [], damaged: 0 });
  expect(await read(block(1, 2), block(3), block(4, 5))).toEqual({ seqs: [1, 2, 3, 4, 5], damaged: 0 });
});

test('wherever the last block was cut, all before it is read', async () => {
  const [first, last] = [block(1, 2), block(3, 4)];
  for (let cut = 0; cut < last.length; cut++)
    expect(await read(first, last.subarray(0, cut)), `cut at ${cut}`).toEqual({ seqs: [1, 2], damaged: cut });
});

test('a damaged block costs itself, whichever byte it was', async () => {
  const [first, middle, last] = [block(1), block(2), block(3)];
  // The ten bytes of gzip's own header hold the time and the system: they may say anything.
  for (let at = 0; at < middle.length; at++) {
    const bad = Buffer.from(middle);
    bad[at] = (bad[at] ?? 0) ^ 0xff;
    const { seqs } = await read(first, bad, last);
    expect(
      seqs.filter((seq) => seq !== 2),
      `byte ${at}`,
    ).toEqual([1, 3]);
  }
});

test('huge claims and bombs are passed over', async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  const claim = blockHeader({ length: MAX_BLOCK_LENGTH + 1 } as Uint8Array);
  expect((await read(block(1), blockHeader(bomb), bomb, claim, block(2))).seqs).toEqual([1, 2]);
});

test('a hole is named where it is, in a recording that opens as any other', async () => {
  writeFileSync(file, Buffer.concat([block(1, 2), block(5, 6)]));
  const made = path.join(folder, 'made.mcap');
  expect(await toRecording(file, STATUS, made)).toMatchObject({ records: 4, gaps: 1, damagedBytes: 0 });
  const reader = await openRecording(made);
  const texts: string[] = [];
  for await (const signal of reader.signals()) if (signal.kind === 'note') texts.push(signal.text);
  expect(texts).toEqual(['n1', 'n2', expect.stringContaining('records are missing here'), 'n5', 'n6']);
  expect(reader.info).toMatchObject({ hostname: 'edge-7', destination: 'root@edge-7' });
  await reader.close();
});

test('what does not fit to what came before is left out up to the next run, and that is noted', async () => {
  const of = (init: Parameters<typeof encodeAgentFrame>[0]) => encodeFrame(encodeAgentFrame(init));
  const device = of({ seq: 4n, body: { case: 'device', value: { runId: new Uint8Array(16).fill(1) } } });
  const stray = of({ seq: 2n, body: { case: 'definitions', value: { processes: [{ id: 77 }] } } });
  const packed = (...frames: readonly Uint8Array[]) => {
    const content = gzipSync(Buffer.concat(frames));
    return Buffer.concat([blockHeader(content), content]);
  };
  writeFileSync(file, Buffer.concat([block(1), packed(stray), block(3), packed(device), block(5)]));
  const made = path.join(folder, 'made.mcap');
  expect(await toRecording(file, STATUS, made)).toMatchObject({ records: 3, gaps: 0, leftOut: 2 });
  const reader = await openRecording(made);
  const texts: string[] = [];
  for await (const signal of reader.signals()) if (signal.kind === 'note') texts.push(signal.text);
  expect(texts).toEqual(['n1', expect.stringMatching(/left out, it does not fit .*process id 77/), 'n5']);
  await reader.close();
});

test('a file with nothing in it is no recording', async () => {
  writeFileSync(file, 'SNDBnothing of the kind');
  const refused = await toRecording(file, STATUS, path.join(folder, 'made.mcap')).catch((error: unknown) =>
    faultOf(error),
  );
  expect(refused).toMatchObject({ code: 'bad-recording' });
});

test('what a device says of a recording is taken for words, never for more', () => {
  expect(parseStatus('')).toBeNull();
  expect(parseStatus('{"id":"../../etc","state":"ended"}')).toBeNull();
  expect(parseStatus(JSON.stringify({ ...STATUS, state: 'odd' }))).toBeNull();
  const hostile = {
    ...STATUS,
    reason: 'a\u001b[31mb',
    bytes: -4,
    startedMs: 1e300,
    seconds: 'x',
    probes: 'none',
    hostname: 7,
  };
  expect(parseStatus(JSON.stringify(hostile))).toMatchObject({
    reason: 'a\\x1b[31mb',
    bytes: 0,
    startedMs: 0,
    seconds: 0,
    probes: [],
    hostname: '',
  });
  expect(parseStatus(JSON.stringify(STATUS))).toEqual(STATUS);
});
