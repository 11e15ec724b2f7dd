/** What users install, made, unpacked and used: each package's own program at a real device. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDisplay } from '../../build/display.mjs';
import { makePackages } from '../../build/package.mjs';
import { EXIT_CODES } from '../../electron/cli/index.ts';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { buildProgram, type SondeProgram } from '../device/sonde-program.ts';
import { filesBelow, fusesOf, type Packaged, startPackaged, userDataIn } from './packaged.ts';
import { removeFolder } from '../remove-folder.ts';

/** From the start to the first picture, on a busy machine. */
const PICTURE_MS = 150_000;
/** Half a gigabyte is packed three times. */
const MAKING_MS = 1_200_000;
const DEB_LIMIT = 130e6;
const PICTURES = 'out/e2e';
/** What Chromium and the libraries of a desktop keep for themselves in a user's home. */
const SYSTEMS_OWN = /^(\.pki\/nssdb|\.cache\/(mesa_shader_cache|fontconfig|dconf)|\.config\/dconf)/;

let made = '';
let scratch = '';
let box: Box;
let sonde: SondeProgram;
let display: Awaited<ReturnType<typeof openDisplay>>;
let running: Packaged | null = null;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  scratch = mkdtempSync(path.join(tmpdir(), 'sonde-package-'));
  made = path.resolve(await makePackages());
  [box, sonde, display] = await Promise.all([
    bootBox({ variant: 'plain', workload: true }),
    buildProgram(),
    openDisplay(),
  ]);
  await box.writeKnownHosts(path.join(scratch, 'known-by-key'));
}, MAKING_MS);
afterAll(async () => {
  await running?.close();
  display?.close();
  sonde?.dispose();
  await box?.stop();
  removeFolder(scratch);
});

const packageNamed = (ending: string): string => {
  const name = readdirSync(made).find((file) => file.endsWith(ending));
  if (!name) throw new Error(`no package ends in ${ending}`);
  return path.join(made, name);
};

/** Each gives the path of the program that a user starts. */
const INSTALL = {
  deb: () => {
    execFileSync('dpkg-deb', ['-x', packageNamed('.deb'), path.join(scratch, 'deb')]);
    return path.join(scratch, 'deb/opt/Sonde/sonde');
  },
  'tar.gz': () => {
    mkdirSync(path.join(scratch, 'tar'));
    execFileSync('tar', ['-xzf', packageNamed('.tar.gz'), '-C', path.join(scratch, 'tar'), '--strip-components=1']);
    return path.join(scratch, 'tar/sonde');
  },
  AppImage: () => packageNamed('.AppImage'),
};

async function start(program: string, args: readonly string[], home: string, env = {}): Promise<Packaged> {
  running = await startPackaged(program, args, home, { DISPLAY: display.name, ...env });
  return running;
}

const target = (): string[] => [
  `--known-hosts=${path.join(scratch, 'known-by-key')}`,
  `--connect=root@${box.host}:${box.port}`,
  `--identity=${box.users.root.identityFile}`,
];

async function functionsShown(page: Page): Promise<void> {
  await page.locator('.flame-pane').waitFor({ timeout: PICTURE_MS });
  await page.getByRole('tab', { name: 'Functions' }).click();
  await page.getByTitle('alpha', { exact: true }).first().waitFor({ timeout: PICTURE_MS });
}

describe.each(['deb', 'tar.gz', 'AppImage'] as const)('%s', (kind) => {
  let program = '';
  let home = '';
  let recording = '';
  let intrusion = '';
  beforeAll(() => {
    program = INSTALL[kind]();
    home = path.join(scratch, `home-${kind}`);
    mkdirSync(home);
    intrusion = path.join(home, 'intruded');
  });

  test('connects, shows a flame graph, makes a recording, and takes no code from whoever starts it', async () => {
    const evil = path.join(scratch, 'evil.cjs');
    writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(intrusion)}, '')`);
    const env = { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require=${evil}` };
    const { page, said, close } = await start(program, ['--inspect=0', ...target()], home, env);
    await functionsShown(page);
    await page.screenshot({ path: `${PICTURES}/package-${kind}.png` });
    await page.getByRole('button', { name: 'Disconnect' }).click();
    const recordings = path.join(userDataIn(home), 'recordings');
    await expect.poll(() => readdirSync(recordings).some((name) => name.endsWith('.sonde.mcap'))).toBe(true);
    expect(await close()).toBe(0);
    recording = path.join(recordings, readdirSync(recordings).find((name) => name.endsWith('.sonde.mcap')) ?? '');
    expect(statSync(recording).size).toBeGreaterThan(5000);
    expect(said()).not.toContain('Debugger listening');
    expect(filesBelow(home)).not.toContain('intruded');
  });

  test('opens the recording that it is given', async () => {
    // As a file manager does: with a path, from anywhere.
    const { page, close } = await start(program, [recording], home);
    await functionsShown(page);
    expect(await close()).toBe(0);
  });

  test('is the command line too, without a display', async () => {
    const command = kind === 'AppImage' ? program : path.join(path.dirname(program), 'bin/sonde');
    const env = { PATH: process.env['PATH'] ?? '', HOME: home };
    const run = (...words: readonly string[]) => spawnSync(command, words, { cwd: home, env, encoding: 'utf8' });
    const folded = run('export', recording, '--format', 'folded', '-o', '-');
    expect(folded.stderr).toBe('');
    expect(folded.stdout).toBe(await sonde.sonde('export', recording, '--format', 'folded', '-o', '-'));
    const refused = run('info', 'there-is-none', '--json');
    expect([refused.status, JSON.parse(refused.stdout)]).toMatchObject([EXIT_CODES['file-io'], { ok: false }]);
    const piped = spawnSync('sh', ['-c', '"$0" export "$1" --format folded -o - | head -c 1', command, recording], {
      env,
      encoding: 'utf8',
    });
    expect([piped.stdout, piped.stderr]).toEqual(['#', '']);
  });

  test('has written to the folder of its user data, and nowhere else in the home', () => {
    const cache = kind === 'AppImage' ? /^\.cache\/sonde-appimage-/ : null;
    const strays = filesBelow(home).filter(
      (file) => !file.startsWith('.config/Sonde/') && !SYSTEMS_OWN.test(file) && !cache?.test(file),
    );
    expect(strays).toEqual([]);
    expect(statSync(userDataIn(home)).mode & 0o077, 'open to others').toBe(0);
  });
});

test('`sonde remove` takes everything away from the device that the packages left there', async () => {
  expect(await sonde.sonde('remove', ...sonde.device(box))).toContain('Nothing of Sonde is left on the device.');
});

describe('the installed files', () => {
  const installed = (name: string) => path.join(scratch, 'deb', name);

  test('are within the limit', () => {
    expect(statSync(packageNamed('.deb')).size).toBeLessThan(DEB_LIMIT);
  });

  test('have the fuses off that would run other code', () => {
    // Run as Node, encrypted cookies, NODE_OPTIONS, inspector, ASAR integrity, only ASAR, own snapshot, file:// privileges.
    for (const program of [installed('opt/Sonde/sonde'), path.join(scratch, 'tar/sonde')])
      expect(fusesOf(program)).toBe('01001100');
  });

  test('load the application from its archive only', async () => {
    const beside = path.join(scratch, 'tar/resources/app');
    mkdirSync(beside);
    writeFileSync(path.join(beside, 'package.json'), '{"name":"evil","main":"main.js"}');
    writeFileSync(path.join(beside, 'main.js'), "require('electron').app.exit(66)");
    const home = path.join(scratch, 'home-beside');
    mkdirSync(home);
    const { page, close } = await start(path.join(scratch, 'tar/sonde'), [], home);
    expect(page.url()).toBe('sonde://app/index.html');
    expect(await close()).toBe(0);
  });

  test('hold what draws pictures, where the session process looks for it', () => {
    const host = installed('opt/Sonde/resources/app.asar/out/app/host.js');
    const draw = `const { Resvg } = require('node:module').createRequire(${JSON.stringify(host)})('@resvg/resvg-js');
      process.stdout.write(new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>').render().asPng())`;
    // The same runtime with its fuse still on: it reads archives as the packaged one does.
    const png = execFileSync('node_modules/electron/dist/electron', ['-e', draw], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  test('belong to a desktop: an entry, icons, and recordings that open by their ending', () => {
    const entry = readFileSync(installed('usr/share/applications/sonde.desktop'), 'utf8');
    expect(entry).toContain('Exec=/opt/Sonde/sonde %f');
    expect(entry).toContain('MimeType=application/x-sonde-recording;');
    expect(readFileSync(installed('usr/share/mime/packages/sonde.xml'), 'utf8')).toContain('pattern="*.sonde.mcap"');
    expect(statSync(installed('usr/share/icons/hicolor/256x256/apps/sonde.png')).size).toBeGreaterThan(1000);
  });

  test('say what is in them, under which licence, and bring the source that libelf asks for', () => {
    const notices = installed('opt/Sonde/notices');
    const bill = JSON.parse(readFileSync(path.join(notices, 'sbom.cdx.json'), 'utf8'));
    expect(bill.bomFormat).toBe('CycloneDX');
    const named = new Map<string, string>(
      bill.components.map(({ name, version }: Record<'name' | 'version', string>) => [name, version]),
    );
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const others = ['electron', 'node', 'elfutils', 'libbpf', 'libpcap', 'libzstd', 'zlib', 'musl'];
    expect([...Object.keys(dependencies), ...others].filter((name) => !named.get(name))).toEqual([]);
    const licences = readFileSync(path.join(notices, 'LICENCES.txt'), 'utf8');
    for (const name of [...Object.keys(dependencies), 'elfutils', 'musl'])
      expect(licences).toContain(`${name} ${named.get(name)}`);
    // Of libraries that name it without bringing it.
    expect(licences).toContain('Whole text: Apache-2.0');
    const sources = execFileSync('tar', ['-tzf', path.join(notices, 'source/libelf.tar.gz')], { encoding: 'utf8' });
    expect(sources).toContain('libelf/elf_begin.c');
    expect(sources).toContain('COPYING-LGPLV3');
  });
});
