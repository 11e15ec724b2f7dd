/** What is no profile, too much of one, or made to hurt. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { importRecording, openForeign } from '../../../electron/import/index.ts';
import { faultOf } from '../../../remote-agent/protocol/index.ts';
import { seededRandom } from '../../fixtures/random.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { readBack, record, temporaryFolder } from '../recording/helpers.ts';
import { fileOf, imported, madeOf } from './helpers.ts';

const STACKS = 'nginx;main;loop;read_[k] 3\nnginx/worker;main;run 2 @1\nsh;main 4 @2';

test.each<readonly [string, string | Uint8Array, string]>([
  ['words', 'dear diary\n', 'nothing in it looks like a profile'],
  ['a page', '<!doctype html><p>hello</p>', 'nothing in it looks like a profile'],
  ['another JSON', '{"a": 1}', 'it is no speedscope file'],
  ['broken JSON', '{"a": ', 'it looks like JSON, but is none'],
  [
    'a program',
    new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1]),
    'it is neither a recording nor a profile that Sonde knows',
  ],
  ['perf.data', 'PERFILE2\0\0\0', 'perf.data can only be read by perf itself'],
  ['damaged gzip', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'it is compressed, and damaged'],
  ['counts of nothing', 'a;b 0\n', 'it holds no samples'],
  ['a very long line', `a;b 1\n${'x'.repeat((1 << 20) + 70_000)}`, 'lines longer than a million characters'],
  [
    'a bomb',
    Buffer.concat(Array<Buffer>(300).fill(gzipSync(Buffer.alloc(1 << 20)))),
    'larger than 256 MB when it is unpacked',
  ],
])('%s: a fault that says what it is', async (_, content, why) => {
  const source = fileOf('x', content);
  const target = path.join(temporaryFolder(), 'x.sonde.mcap');
  await expect(importRecording(source, target)).rejects.toMatchObject({
    fault: { message: expect.stringContaining(why), hint: expect.any(String) },
  });
  expect(existsSync(target)).toBe(false);
});

test('a recording stays what it is, and a file that is not there is a fault of whoever opens it', async () => {
  const recording = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(recording, signalsFromStacks(STACKS));
  expect(await openForeign(recording)).toMatchObject({ file: recording });
  expect(await openForeign('/no/such/file')).toMatchObject({ file: '/no/such/file' });
});

test('what was made goes when it is closed, and nothing stays of what failed', async () => {
  const ours = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sonde-import-')).length;
  const before = ours();
  const opened = await openForeign(fileOf('a.folded', 'a;b 1\n'));
  expect(path.basename(opened.file)).toBe('a.sonde.mcap');
  await opened.close();
  expect(existsSync(opened.file)).toBe(false);
  await openForeign(fileOf('a.folded', 'nothing')).catch(() => undefined);
  expect(ours()).toBe(before);
});

test('hostile names are text, deep stacks are cut at the root', async () => {
  const deep = Array.from({ length: 5000 }, (_, at) => `f${at}`).join(';');
  const { signals, stacks } = await imported('a.folded', `p\u202e\u0007;${deep} 1\n`);
  const [process] = signals.flatMap((signal) => (signal.kind === 'definitions' ? signal.processes : []));
  expect(process?.comm).toBe('p\\u{202e}\\x07');
  expect(stacks[0]).toMatch(/;f4999 1$/);
  expect(stacks[0]?.split(';').length).toBeLessThanOrEqual(501);
});

test('times that no box has are left out', async () => {
  const line = (time: string) => `a 1 ${time}: cpu-clock: 1 f (/bin/a)\n`;
  const { signals } = await imported('a.txt', line('99999999999999999.000000') + line('5.000000'));
  const windows = signals.filter((signal) => signal.kind === 'window');
  expect(windows.map(({ counters }) => counters.kept)).toEqual([1, 1]);
});

test('changed and cut files: a recording or a fault, never anything else', async () => {
  const signals = signalsFromStacks(STACKS);
  const originals = [
    readFileSync('test/fixtures/imports/perf-script.txt'),
    await madeOf(signals, 'folded'),
    await madeOf(signals, 'pprof'),
    await madeOf(signals, 'speedscope'),
  ];
  const random = seededRandom(5);
  const below = (limit: number) => Math.floor(random() * limit);
  let opened = 0;
  for (let round = 0; round < 60; round++) {
    const bytes = Buffer.from(originals[round % originals.length] ?? '');
    for (let change = 0; change < 1 + below(8); change++) bytes[below(bytes.length)] = below(256);
    const cut = below(3) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
    const target = path.join(temporaryFolder(), 'x.sonde.mcap');
    try {
      await importRecording(fileOf('x', cut), target);
    } catch (error) {
      expect(faultOf(error), `round ${round}: ${String(error)}`).not.toBeNull();
      continue;
    }
    const { warning } = await readBack(target);
    expect(warning, `round ${round}`).toBeNull();
    opened++;
  }
  expect(opened).toBeGreaterThan(10);
});
