/** The device scripts, run by the shells of this machine: they must mean the same in each. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PlaceFacts } from '../../../electron/device/facts.ts';
import { parsePlaces } from '../../../electron/device/parse-places.ts';
import { parseFacts } from '../../../electron/device/parse-facts.ts';
import { DETECT_SCRIPT } from '../../../electron/device/detect-script.ts';
import { ALL_PLACES_SCRIPT, IS_OURS, placeList, PLACES_SCRIPT } from '../../../electron/device/places-script.ts';
import { parseRemoval } from '../../../electron/device/remove.ts';
import { REMOVE_SCRIPT } from '../../../electron/device/remove-script.ts';
import { joinScript, quote, safeWord, shCommand } from '../../../electron/device/script.ts';
import { cutSections } from '../../../electron/device/sections.ts';

const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([program = '']) => spawnSync(program, ['-c', 'true']).error === undefined || program === 'dash',
);

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sonde-scripts-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('joining', () => {
  test('statements get a semicolon, openings do not, comments go', () => {
    expect(joinScript('\n# why\na\nif b; then\n  c\nelse\n  d\nfi\nf() {\n  e\n}\nx &&\ny')).toBe(
      'a; if b; then c; else d; fi; f() { e; }; x && y',
    );
  });
  test.each(["echo 'a'", 'if ! a', 'echo \\\\', 'ends \\'])('refuses %s', (line) =>
    expect(() => joinScript(line)).toThrow('may not hold'),
  );
  test('words that need quotes are refused, quote() takes them', () => {
    expect(() => safeWord('/tmp/a b')).toThrow();
    expect(safeWord('/var/lib/sonde/node-0a1b')).toBe('/var/lib/sonde/node-0a1b');
    const nasty = `it's $HOME \`id\` "x" \\`;
    expect(execFileSync('sh', ['-c', `printf %s ${quote(nasty)}`], { encoding: 'utf8' })).toBe(nasty);
  });
  test.each([
    ['detect', DETECT_SCRIPT],
    ['places', PLACES_SCRIPT],
    ['all places', ALL_PLACES_SCRIPT],
    ['remove', REMOVE_SCRIPT],
  ])('%s is one line every shell can parse', (_name, script) => {
    const command = shCommand(script);
    expect(command).not.toContain('\n');
    for (const [program = '', ...options] of SHELLS)
      expect(spawnSync(program, [...options, '-n', '-c', joinScript(script)], { encoding: 'utf8' }).stderr).toBe('');
  });
});

describe.each(SHELLS)('%s', (program = '', ...options) => {
  const run = (script: string, environment: Record<string, string> = {}): string =>
    spawnSync(program, [...options, '-c', joinScript(script)], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    }).stdout;
  const look = (): PlaceFacts[] => {
    const said = run(`head -n 200 /proc/mounts\n${ALL_PLACES_SCRIPT}`, { HOME: dir });
    return parsePlaces(cutSections(said), said.split('\n'));
  };

  test('detect gives facts of this very machine', () => {
    const facts = parseFacts(cutSections(`Welcome to the box!\n${run(DETECT_SCRIPT, { HOME: dir })}`), Date.now());
    expect(facts.hostname).toBe(execFileSync('uname', ['-n'], { encoding: 'utf8' }).trim());
    expect(facts.uid).toBe(process.getuid?.());
    expect(facts.node && Number.parseInt(facts.node.version, 10)).toBeGreaterThanOrEqual(
      Number.parseInt(process.versions.node, 10),
    );
    expect(facts.memoryKb).toBeGreaterThan(0);
    expect(Math.abs(facts.clockOffsetMs)).toBeLessThan(20_000);
  });

  test('a directory is ours only when it is a directory, our own, and closed to others', () => {
    const judge = (path: string): string =>
      run(`u=$(id -u)\n${IS_OURS}\nis_ours ${path} && echo ours || echo foreign`).trim();
    mkdirSync(join(dir, 'good'), { mode: 0o700 });
    mkdirSync(join(dir, 'open'));
    chmodSync(join(dir, 'open'), 0o755);
    symlinkSync(join(dir, 'good'), join(dir, 'link'));
    writeFileSync(join(dir, 'file'), '');
    expect(['good', 'open', 'link', 'file', 'nothing'].map((name) => judge(join(dir, name)))).toEqual([
      'ours',
      'foreign',
      'foreign',
      'foreign',
      'foreign',
    ]);
  });

  test('looking at places leaves nothing behind and finds the home executable', () => {
    const home = look().find((place) => place.dir === `${dir}/.sonde`);
    expect(home).toMatchObject({ state: 'ok', files: {} });
    expect(home?.freeKb).toBeGreaterThan(0);
    expect(existsSync(`${dir}/.sonde`)).toBe(false);
    expect(execFileSync('ls', ['-A', dir], { encoding: 'utf8' })).toBe('');
  });

  test('remove takes what is ours, and only that', () => {
    for (const name of ['.sonde', '.cache/sonde', '.sonde-try-1', 'mine'])
      mkdirSync(join(dir, name), { recursive: true, mode: 0o700 });
    writeFileSync(join(dir, '.sonde', 'loader-0123456789ab'), '');
    chmodSync(join(dir, '.cache', 'sonde'), 0o755);
    // Not the real places of the machine that runs the tests.
    const homeList = '$HOME/.cache/sonde $HOME/.sonde';
    const inHomeOnly = REMOVE_SCRIPT.replace(placeList(homeList), homeList);
    expect(inHomeOnly).not.toContain('/var/lib');
    const report = parseRemoval(run(inHomeOnly, { HOME: dir }).split('\n'));
    const here = (paths: readonly string[]): string[] => paths.filter((path) => path.startsWith(dir)).sort();
    expect(here(report.removed)).toEqual([join(dir, '.sonde'), join(dir, '.sonde-try-1')]);
    expect(report.left).toEqual({ processes: [], paths: [] });
    expect(execFileSync('ls', ['-A', dir], { encoding: 'utf8' }).split('\n')).toEqual(['.cache', 'mine', '']);
  });

  test('a foreign directory in the way is named, one of ours is looked into', () => {
    mkdirSync(join(dir, '.cache'));
    mkdirSync(join(dir, '.cache', 'sonde'));
    chmodSync(join(dir, '.cache', 'sonde'), 0o755);
    const cache = (): PlaceFacts | undefined => look().find((place) => place.dir === join(dir, '.cache', 'sonde'));
    expect(cache()?.state).toBe('foreign');
    chmodSync(join(dir, '.cache', 'sonde'), 0o700);
    writeFileSync(join(dir, '.cache', 'sonde', 'node-0123456789ab'), 'x'.repeat(321));
    expect(cache()).toMatchObject({ state: 'ok', files: { 'node-0123456789ab': 321 } });
  });
});
