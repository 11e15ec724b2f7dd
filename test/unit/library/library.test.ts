/** The library of main, on real files; who looks into them and what a trash is are handed in. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { look } from '../../../electron/host/look-job.ts';
import { Library } from '../../../electron/shell/library/library.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { record } from '../recording/helpers.ts';

interface Stage {
  readonly library: Library;
  readonly recordings: string;
  readonly userData: string;
  readonly open: Set<string>;
  readonly looked: string[];
  readonly trashed: string[];
  /** What is found is told; resolves when nobody looks any more. */
  settled(): Promise<void>;
}

function stage(userData = mkdtempSync(path.join(tmpdir(), 'sonde-library-'))): Stage {
  onTestFinished(() => rmSync(userData, { recursive: true, force: true }));
  const recordings = path.join(userData, 'recordings');
  mkdirSync(recordings, { recursive: true });
  const [open, looked, trashed] = [new Set<string>(), [] as string[], [] as string[]];
  let last: Promise<void> = Promise.resolve();
  const library = new Library({
    folder: () => recordings,
    userData,
    open: () => open,
    look: (files, told) => {
      last = (async () => {
        for (const file of files) {
          looked.push(path.basename(file));
          told(file, await look(file));
        }
      })();
      return last;
    },
    trash: (file) => {
      if (file.includes('no-trash')) return Promise.reject(new Error('there is no trash here'));
      trashed.push(path.basename(file));
      rmSync(file);
      return Promise.resolve();
    },
    changed: () => undefined,
  });
  return { library, recordings, userData, open, looked, trashed, settled: async () => void (await last) };
}

const name = (host: string): string => `${host}-20260102-030405.sonde.mcap`;
const made = (recordings: string, host: string): Promise<void> =>
  record(
    path.join(recordings, name(host)),
    signalsFromStacks('nginx;main 3\nsh;main 1 @1', { lost: { 'map-full': 2 } }),
    {
      hostname: host,
    },
  );

test('nothing recorded yet is an empty list, and no fault', async () => {
  expect((await stage().library.list()).recordings).toEqual([]);
});

test('a recording is listed at once, and looked into once', async () => {
  const { library, recordings, looked, settled } = stage();
  await made(recordings, 'edge-7');
  expect((await library.list()).recordings).toMatchObject([{ about: { kind: 'waiting' } }]);
  await settled();
  const [entry] = (await library.list()).recordings;
  expect(entry?.about).toMatchObject({
    kind: 'read',
    hostname: 'edge-7',
    destination: 'root@edge-box',
    isComplete: true,
    probes: ['cpu-profile'],
    processes: ['nginx', 'sh'],
    topShare: 0.75,
    lost: 2,
    marks: [],
  });
  await settled();
  expect(looked).toEqual([name('edge-7')]);
});

test('what was found outlives the program, and is found again where the index is gone or damaged', async () => {
  const first = stage();
  await made(first.recordings, 'edge-7');
  await first.library.list();
  await first.settled();
  await first.library.list();
  const second = stage(first.userData);
  expect((await second.library.list()).recordings[0]?.about.kind).toBe('read');
  expect(second.looked).toEqual([]);
  writeFileSync(path.join(first.userData, 'library-index.json'), '{"x":');
  const third = stage(first.userData);
  expect((await third.library.list()).recordings[0]?.about.kind).toBe('waiting');
  await third.settled();
  expect((await third.library.list()).recordings[0]?.about.kind).toBe('read');
});

test('a file that has changed is looked into again', async () => {
  const { library, recordings, looked, settled } = stage();
  await made(recordings, 'edge-7');
  await library.list();
  await settled();
  utimesSync(path.join(recordings, name('edge-7')), 5, 5);
  await library.list();
  await settled();
  expect(looked).toHaveLength(2);
});

test('a file that is no recording is listed with the reason', async () => {
  const { library, recordings, settled } = stage();
  writeFileSync(path.join(recordings, name('odd')), 'milk, bread');
  await library.list();
  await settled();
  expect((await library.list()).recordings[0]?.about).toMatchObject({
    kind: 'unreadable',
    message: expect.stringContaining('not an MCAP file'),
  });
});

test('a file that ends whoever looks into it is set aside, and the others are looked into', async () => {
  const { recordings, userData } = stage();
  for (const host of ['bad', 'good']) await made(recordings, host);
  utimesSync(path.join(recordings, name('good')), 5, 5); // looked into second
  let round: Promise<void> = Promise.resolve();
  const library = new Library({
    folder: () => recordings,
    userData,
    open: () => new Set(),
    look: (files, told) => {
      round = (async () => {
        for (const file of files) {
          if (file.includes('bad')) return;
          told(file, await look(file));
        }
      })();
      return round;
    },
    trash: () => Promise.resolve(),
    changed: () => undefined,
  });
  for (let i = 0; i < 3; i++) {
    await library.list();
    await round;
  }
  const kinds = (await library.list()).recordings.map(({ file, about }) => [path.basename(file), about.kind]);
  expect(Object.fromEntries(kinds)).toEqual({ [name('bad')]: 'unreadable', [name('good')]: 'read' });
});

test('notes and what is to be kept outlive the index', async () => {
  const { library, recordings, userData } = stage();
  await made(recordings, 'edge-7');
  const file = path.join(recordings, name('edge-7'));
  library.note(file, '  valve stuck ');
  library.keep(file, true);
  rmSync(path.join(userData, 'library-index.json'), { force: true });
  expect((await library.list()).recordings).toMatchObject([{ note: 'valve stuck', isKept: true }]);
  library.note(file, '');
  library.keep(file, false);
  expect((await library.list()).recordings).toMatchObject([{ note: '', isKept: false }]);
  expect(JSON.parse(readFileSync(path.join(userData, 'library.json'), 'utf8'))).toMatchObject({ notes: {}, kept: [] });
});

test('a recording goes to the trash; not one that is open, nor a file of somebody else', async () => {
  const { library, recordings, userData, open, trashed } = stage();
  for (const host of ['a', 'b', 'no-trash']) await made(recordings, host);
  const [a, b, c] = ['a', 'b', 'no-trash'].map((host) => path.join(recordings, name(host))) as [string, string, string];
  const foreign = path.join(userData, name('x'));
  writeFileSync(foreign, 'x');
  open.add(b);
  const outcome = await library.remove([a, b, c, foreign, path.join(recordings, '../library.json')], 'trash');
  expect(outcome.map(({ fault }) => fault?.message ?? null)).toEqual([
    null,
    expect.stringContaining('it is open'),
    expect.stringContaining('there is no trash here'),
    expect.stringContaining('no recording of the library'),
    expect.stringContaining('no recording of the library'),
  ]);
  expect(trashed).toEqual([name('a')]);
  expect([existsSync(b), existsSync(c), existsSync(foreign)]).toEqual([true, true, true]);
  expect(await library.remove([c], 'for-ever')).toEqual([{ file: c, fault: null }]);
  expect(existsSync(c)).toBe(false);
});

test('clean-up takes what goes by the rules then, whatever the page thinks', async () => {
  const { library, recordings, settled, trashed } = stage();
  const dayMs = 86_400_000;
  for (const host of ['old', 'young']) {
    const ageMs = host === 'old' ? 40 * dayMs : dayMs;
    await record(path.join(recordings, name(host)), signalsFromStacks('a;b 1'), { now: () => Date.now() - ageMs });
  }
  await library.list();
  await settled();
  const files = (await library.list()).recordings.map(({ file }) => file);
  expect(await library.cleanUp(files, 'trash', Date.now())).toEqual([]);
  library.setRules({ maxBytes: null, maxDays: 30 });
  await library.cleanUp(files, 'trash', Date.now());
  expect(trashed).toEqual([name('old')]);
});
