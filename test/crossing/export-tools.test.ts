/**
 * Exports opened by the tools that they are for: the Firefox Profiler's own command line takes its own format and Chrome's,
 * Go's pprof takes pprof.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { EVERYTHING, exportRecording } from '../../electron/export/index.ts';
import { signalsFromStacks } from '../fixtures/signals.ts';
import { record } from '../unit/recording/helpers.ts';
import { removeFolder } from '../remove-folder.ts';
import { goPprof } from './go-pprof.ts';

const require = createRequire(import.meta.url);
const folder = mkdtempSync(path.join(tmpdir(), 'sonde-tools-'));
const STACKS = `
  process  nginx     nginx   nginx                    sh
  thread   nginx     worker  worker                   sh
  samples  30        20      10                       40
  second   0         1       1                        2
  ---
           main      main    main                     main
           loop      loop    _ZN3foo3barEv@libfoo.so  run
           read_[k]  parse
`;

/** It wants a newer Node than the tests run on; Electron has one. A daemon of its own holds what was loaded. */
async function profiler(...words: readonly string[]): Promise<string> {
  const program = path.join(
    path.dirname(require.resolve('@firefox-devtools/profiler-cli/package.json')),
    'dist/profiler-cli.js',
  );
  const { stdout } = await promisify(execFile)(require('electron') as string, [program, ...words], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', PROFILER_CLI_SESSION_DIR: folder },
    timeout: 120_000,
  });
  return stdout;
}

/** Its daemon has half a second to start before `load` gives up; on a busy machine it is there a little later. */
async function load(file: string, session: string): Promise<void> {
  try {
    await profiler('load', file, '--session', session);
  } catch (error) {
    if (!String(error).includes('did not become ready')) throw error;
    await expect
      .poll(() => profiler('thread', 'list', '--session', session).catch(() => ''), {
        timeout: 100_000,
        interval: 1000,
      })
      .toContain('worker');
  }
}

afterAll(async () => {
  // Those of tests that failed; the others have ended theirs.
  for (const session of ['firefox', 'perfetto']) await profiler('stop', session).catch(() => undefined);
  removeFolder(folder);
});

async function exportedAs(format: 'firefox' | 'perfetto' | 'pprof', name: string): Promise<string> {
  const recording = path.join(folder, `${name}.sonde.mcap`);
  await record(recording, signalsFromStacks(STACKS));
  const file = path.join(folder, name);
  await exportRecording({ recording, format, file, filter: EVERYTHING });
  return file;
}

test.each([
  ['firefox', 'a.json.gz'],
  ['perfetto', 'a.trace.json'],
] as const)('%s: the same threads, and in each the same functions', async (format, name) => {
  const say = (...words: readonly string[]) => profiler(...words, '--session', format);
  await load(await exportedAs(format, name), format);
  const threads = await say('thread', 'list');
  const handles = new Map(
    [...threads.matchAll(/(t-\d+)\s+(\S+)/g)].map(([, handle = '', thread = '']) => [thread, handle]),
  );
  expect([...handles.keys()].toSorted()).toEqual(expect.arrayContaining(['nginx', 'sh', 'worker']));
  await say('thread', 'select', handles.get('worker') ?? '');
  const functions = await say('thread', 'functions');
  // Of the worker there are 30 samples.
  expect(functions).toMatch(/main - self: 0 .*total: 30 \(100\.0%\)/);
  expect(functions).toMatch(/loop - self: 0 .*total: 20 \(66\.7%\)/);
  expect(functions).toMatch(/parse - self: 20 .*total: 20 \(66\.7%\)/);
  expect(functions).toMatch(/foo::bar\(\) - self: 10 .*total: 10 \(33\.3%\)/);
  await profiler('stop', format);
});

test('pprof: the same functions', async () => {
  const [program, ...words] = await goPprof();
  const file = await exportedAs('pprof', 'a.pb.gz');
  const { stdout } = await promisify(execFile)(program, [...words, '-top', '-sample_index=samples', file]);
  expect(stdout).toMatch(/of 100 total/);
  expect(stdout).toMatch(/\n +30 30\.00% .* read\n/);
  expect(stdout).toMatch(/\n +0 +0% .* 100 +100% +main\n/);
});
