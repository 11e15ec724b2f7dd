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
import {
  ALL_PLACES_SCRIPT,
  IS_FIRM_FILE,
  IS_OURS,
  placeList,
  PLACES_SCRIPT,
  WHOSE,
} from '../../../electron/device/places-script.ts';
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

  test('a directory is not ours where somebody else could put another one in its place', () => {
    const judge = (path: string): string =>
      run(`u=$(id -u)\n${IS_OURS}\nis_ours ${path} && echo ours || echo foreign`).trim();
    for (const [name, mode] of [
      ['closed', 0o755],
      ['open', 0o777],
      ['sticky', 0o1777],
    ] as const) {
      mkdirSync(join(dir, name, 'way', 'sonde'), { recursive: true, mode: 0o700 });
      chmodSync(join(dir, name), mode);
    }
    // The way that is named counts, and the one on which it really lies.
    mkdirSync(join(dir, 'open', 'links'), { mode: 0o700 });
    symlinkSync(join(dir, 'closed', 'way'), join(dir, 'open', 'links', 'way'));
    symlinkSync(join(dir, 'open', 'way'), join(dir, 'closed', 'way', 'link'));
    symlinkSync(join(dir, 'sticky', 'way'), join(dir, 'closed', 'link'));
    expect(
      ['closed/way', 'open/way', 'sticky/way', 'open/links/way', 'closed/way/link', 'closed/link'].map((way) =>
        judge(join(dir, way, 'sonde')),
      ),
    ).toEqual(['ours', 'foreign', 'ours', 'foreign', 'foreign', 'ours']);
  });

  test('a program is run by root only where nobody else could exchange it, or what it is a link to', () => {
    const judge = (path: string): string =>
      run(`u=$(id -u)\n${IS_OURS}\n${IS_FIRM_FILE}\nis_firm_file ${path} && echo firm || echo loose`).trim();
    mkdirSync(join(dir, 'loose'));
    chmodSync(join(dir, 'loose'), 0o777);
    for (const [name, mode] of [
      ['good', 0o755],
      ['writable', 0o777],
      ['loose/good', 0o755],
    ] as const) {
      writeFileSync(join(dir, name), '');
      chmodSync(join(dir, name), mode);
    }
    symlinkSync(join(dir, 'good'), join(dir, 'to-good'));
    symlinkSync(join(dir, 'loose/good'), join(dir, 'to-loose'));
    const names = ['good', 'writable', 'loose/good', 'to-good', 'to-loose', 'nothing'];
    expect(names.map((name) => judge(join(dir, name)))).toEqual(['firm', 'loose', 'loose', 'firm', 'loose', 'loose']);
    expect(judge('/bin/sh')).toBe('firm');
  });

  test('who becomes root has places of their own', () => {
    const places = (environment: Record<string, string>): string =>
      run(`u=0\n${WHOSE}\necho ${placeList('$HOME/.sonde$k')}`, {
        HOME: dir,
        SUDO_UID: '',
        DOAS_USER: '',
        ...environment,
      });
    expect(places({})).toContain(`/var/lib/sonde ${dir}/.sonde /var/tmp/sonde-0 /opt/sonde `);
    expect(places({ SUDO_UID: '0' })).toContain('/var/lib/sonde ');
    expect(places({ SUDO_UID: '1000' })).toContain(`/var/lib/sonde-1000 ${dir}/.sonde-1000 /var/tmp/sonde-0-1000 `);
    expect(places({ SUDO_UID: 'x; touch /tmp/hole' })).toContain('/var/lib/sonde ');
    expect(places({ DOAS_USER: 'nobody' })).toMatch(/^\/var\/lib\/sonde-\d+ /);
  });

  test('looking at places leaves nothing behind and finds the home executable', () => {
    const home = look().find((place) => place.dir === `${dir}/.sonde`);
    expect(home).toMatchObject({ state: 'ok', files: {} });
    expect(home?.freeKb).toBeGreaterThan(0);
    expect(existsSync(`${dir}/.sonde`)).toBe(false);
    expect(execFileSync('ls', ['-A', dir], { encoding: 'utf8' })).toBe('');
  });

  test('remove takes what is ours, and only that', () => {
    for (const name of ['.sonde', '.cache/sonde', '.sonde-try-0-1', 'mine'])
      mkdirSync(join(dir, name), { recursive: true, mode: 0o700 });
    writeFileSync(join(dir, '.sonde', 'loader-0123456789ab'), '');
    chmodSync(join(dir, '.cache', 'sonde'), 0o755);
    // Not the real places of the machine that runs the tests.
    const homeList = '$HOME/.cache/sonde$k $HOME/.sonde$k';
    const inHomeOnly = REMOVE_SCRIPT.replace(placeList(homeList), homeList);
    expect(inHomeOnly).toContain(`all="${homeList}"`);
    const report = parseRemoval(run(inHomeOnly, { HOME: dir }).split('\n'));
    const here = (paths: readonly string[]): string[] => paths.filter((path) => path.startsWith(dir)).sort();
    expect(here(report.removed)).toEqual([join(dir, '.sonde'), join(dir, '.sonde-try-0-1')]);
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
