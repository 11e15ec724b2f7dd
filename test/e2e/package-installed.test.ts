/** The deb as apt installs it, in a system of its own: its command, its file type, its window, and what purging it leaves. */
import { chownSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDisplay } from '../../build/display.mjs';
import { makePackages } from '../../build/package.mjs';
import { SONDE_VERSION } from '../../remote-agent/protocol/index.ts';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { type OwnSystem, openOwnSystem, whyNoOwnSystem } from './own-system.ts';
import { filesBelow, type Packaged, startPackaged } from './packaged.ts';
import { removeFolder } from '../remove-folder.ts';

const PICTURE_MS = 150_000;
const MAKING_MS = 1_200_000;
/** A user like any other: no root, no group, nothing of ours in the home. */
const USER = 'ann';
const USER_ID = 4321;
const TYPE = 'application/x-sonde-recording';
/** What a desktop has already, and this machine may not; and a hand on its keyboard. */
const OF_A_DESKTOP = ['desktop-file-utils', 'shared-mime-info', 'libglib2.0-bin', 'xdotool'];

const why = whyNoOwnSystem();

describe.skipIf(why !== null)(`an installed deb${why === null ? '' : ` (cannot be tried here: ${why})`}`, () => {
  let scratch = '';
  let system: OwnSystem;
  let box: Box;
  let display: Awaited<ReturnType<typeof openDisplay>>;
  let running: Packaged | null = null;

  beforeAll(async () => {
    const made = await makePackages();
    scratch = mkdtempSync(path.join(tmpdir(), 'sonde-installed-'));
    const deb = readdirSync(made).find((name) => name.endsWith('.deb')) ?? '';
    copyFileSync(path.join(made, deb), path.join(scratch, 'sonde.deb'));
    [system, box, display] = await Promise.all([
      openOwnSystem(),
      bootBox({ variant: 'plain', workload: true }),
      openDisplay(),
    ]);
    expect(system.run(null, 'useradd', '--create-home', `--uid=${USER_ID}`, USER).err).toBe('');
    giveToUser(box.users.root.identityFile, 'key');
  }, MAKING_MS);
  afterAll(async () => {
    await running?.close();
    display?.close();
    system?.close();
    await box?.stop();
    removeFolder(scratch);
  });

  const home = (name: string) => `/home/${USER}/${name}`;
  const giveToUser = (file: string, name: string) => {
    const copy = path.join(system.root, home(name));
    copyFileSync(file, copy);
    chownSync(copy, USER_ID, USER_ID);
  };
  const sonde = (...words: readonly string[]) => system.run(USER, 'sonde', ...words);
  const device = (): string[] => [
    `root@${box.host}:${box.port}`,
    `--identity=${home('key')}`,
    `--accept-host-key=${box.hostKeyFingerprint}`,
  ];

  test('is installed by apt, with what it needs', () => {
    const install = () =>
      system.run(
        null,
        'apt-get',
        'install',
        '--yes',
        '--no-install-recommends',
        ...OF_A_DESKTOP,
        path.join(scratch, 'sonde.deb'),
      );
    let { code, err } = install();
    if (code !== 0) {
      system.run(null, 'apt-get', 'update');
      ({ code, err } = install());
    }
    expect(code, err).toBe(0);
    expect(system.run(null, 'dpkg-query', '--show', '--showformat=${Version}', 'sonde').out).toBe(SONDE_VERSION);
    expect(system.run(null, 'dpkg', '--verify', 'sonde').out, 'files that are not as they were packed').toBe('');
  });

  test('brings its command, for root too, and its manual', () => {
    expect(sonde('--version')).toEqual({ code: 0, out: `sonde ${SONDE_VERSION}\n`, err: '' });
    expect(system.run(null, 'sonde', '--version').out).toBe(`sonde ${SONDE_VERSION}\n`);
    expect(sonde('docter').code).toBe(2);
    expect(sonde('--help').out).toContain('sonde record HOST');
    expect(filesBelow(path.join(system.root, 'usr/share/man/man1'))).toContain('sonde.1.gz');
  });

  test('reaches a device from a terminal without a display, and records it', () => {
    const doctor = sonde('doctor', ...device(), '--json');
    expect(JSON.parse(doctor.out), doctor.err).toMatchObject({ ok: true });
    const record = sonde('record', ...device(), '--for', '15s', '-o', home('box.sonde.mcap'));
    expect(record.code, record.err).toBe(0);
    const piped = system.run(
      USER,
      'sh',
      '-c',
      `sonde export ${home('box.sonde.mcap')} --format folded -o - | grep -c alpha`,
    );
    expect(Number(piped.out), piped.err).toBeGreaterThan(0);
    expect(sonde('export', home('box.sonde.mcap'), '--format', 'png', '-o', home('box.png')).code).toBe(0);
    expect(readFileSync(path.join(system.root, home('box.png'))).toString('latin1', 1, 4)).toBe('PNG');
  });

  test('is what recordings open with', () => {
    const asks = (...words: readonly string[]) => system.run(USER, ...words).out;
    expect(asks('gio', 'info', '--attributes=standard::content-type', home('box.sonde.mcap'))).toContain(TYPE);
    expect(asks('gio', 'mime', TYPE)).toContain('sonde.desktop');
    expect(asks('xdg-mime', 'query', 'default', TYPE)).toBe('sonde.desktop\n');
    expect(system.run(USER, 'desktop-file-validate', '/usr/share/applications/sonde.desktop').code).toBe(0);
  });

  test('shows a recording that is opened, in the window that is there, whose page is fenced in', async () => {
    const start = path.join(scratch, 'start');
    const words = system.enter(USER, { DISPLAY: display.name });
    writeFileSync(start, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} sonde "$@"\n`, { mode: 0o755 });
    running = await startPackaged(start, [], scratch, {}, []);
    const { page } = running;
    await page
      .getByRole('button', { name: /connect/i })
      .first()
      .waitFor({ timeout: PICTURE_MS });
    expect(system.run(USER, 'env', `DISPLAY=${display.name}`, 'gio', 'open', home('box.sonde.mcap')).code).toBe(0);
    await page.locator('.flame-pane').waitFor({ timeout: PICTURE_MS });
    await page.getByRole('tab', { name: 'Functions' }).click();
    await page.getByTitle('alpha', { exact: true }).first().waitFor({ timeout: PICTURE_MS });
    expect(pagesOfUser().map(seccompOf), 'filtered system calls').toEqual(['2']);
  });

  test('saves a picture of it where the system’s own dialog says, and ends', async () => {
    if (!running) throw new Error('no window is open');
    const { page, close } = running;
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('button', { name: /^PNG/ }).click();
    // Nobody manages windows on this display: the dialog is given the keyboard, and its suggestion is taken.
    const dialog = ['search', '--onlyvisible', '--name', '^Export$', 'windowfocus', 'key', 'Return'];
    const saved = () => {
      system.run(USER, 'env', `DISPLAY=${display.name}`, 'timeout', '10', 'xdotool', ...dialog);
      return filesBelow(path.join(system.root, home('.'))).find((file) => file.endsWith('.png') && file !== 'box.png');
    };
    await expect.poll(saved, { timeout: PICTURE_MS, interval: 1000 }).toBeTruthy();
    const png = () => readFileSync(path.join(system.root, home(saved() ?? ''))).toString('latin1', 1, 4);
    await expect.poll(png, { timeout: PICTURE_MS }).toBe('PNG');
    expect(await close()).toBe(0);
    running = null;
  });

  test('leaves nothing when it is purged', () => {
    const { code, err } = system.run(null, 'apt-get', 'purge', '--yes', 'sonde');
    expect(code, err).toBe(0);
    const left = system.run(null, 'find', '/etc', '/opt', '/usr', '/var/lib', '-xdev', '-iname', '*sonde*').out;
    expect(left.split('\n').filter((file) => file !== '' && !file.startsWith(process.cwd()))).toEqual([]);
    expect(system.run(null, 'grep', '-rl', 'sonde', '/usr/share/applications', '/usr/share/mime/globs2').out).toBe('');
    expect(system.run(USER, 'gio', 'mime', TYPE).out).not.toContain('sonde.desktop');
  });
});

/** Processes of the user that show a page. */
function pagesOfUser(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      return words.startsWith('/opt/Sonde/sonde') && words.includes('--type=renderer');
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

/** "2" = a filter decides which system calls it may make. */
function seccompOf(pid: string): string | undefined {
  return /^Seccomp:\s*(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
}
