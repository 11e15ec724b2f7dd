/** The bundled `sonde`, run as people and scripts run it. */
import { execFile, spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PARTS } from '../../build/bundle/parts.mjs';
import { networkSignals } from '../fixtures/network.ts';
import { record } from '../unit/recording/helpers.ts';
import { allow, freePort, makeKey, type SshServer, startSshServer } from './ssh-server.ts';
import { removeFolder } from '../remove-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RECORDING = path.join(ROOT, 'test/fixtures/recordings/v1.sonde.mcap');
const folder = mkdtempSync(path.join(tmpdir(), 'sonde-cli-'));
const program = path.join(folder, 'cli/sonde.mjs');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Without a terminal: stdin is closed and setsid takes the controlling one away. */
function sonde(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      'setsid',
      ['-w', process.execPath, program, ...words],
      { env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 26 },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
    child.stdin?.end();
  });
}

beforeAll(async () => {
  const part = PARTS.find(({ entry }) => entry === 'electron/cli/main.ts');
  if (!part) throw new Error('the command line is not bundled');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [part.entry],
    outfile: program,
    bundle: true,
    minify: true,
    logLevel: 'warning',
    ...(part.options as BuildOptions),
  });
  for (const file of part.copies ?? [])
    copyFileSync(path.join(ROOT, file), path.join(folder, 'cli', path.basename(file)));
  mkdirSync(path.join(folder, 'device'));
});
afterAll(() => removeFolder(folder));

describe('recordings', () => {
  test('info', async () => {
    const { code, out, err } = await sonde(['info', RECORDING]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('edge-box: Debian GNU/Linux 12 (bookworm)');
    expect(JSON.parse((await sonde(['info', RECORDING, '--json'])).out)).toMatchObject({
      ok: true,
      recording: { formatVersion: 1, complete: true },
      summary: { samples: { kept: 6 } },
    });
  });

  test('export, in every format, with readable names', async () => {
    const folded = await sonde(['export', RECORDING, '--format', 'folded', '-o', '-']);
    expect(folded).toMatchObject({ code: 0, err: '' });
    expect(folded.out.split('\n').filter((line) => /^\w/.test(line))).toEqual([
      'nginx;main;loop;foo::bar() 1',
      'nginx;main;loop;read_[k] 2',
      'sh;main;run_[j] 3',
    ]);
    const speedscope = path.join(folder, 'a.speedscope.json');
    expect(await sonde(['export', RECORDING, '-f', 'speedscope', '-o', speedscope])).toMatchObject({
      code: 0,
      err: '',
    });
    expect(JSON.parse(readFileSync(speedscope, 'utf8'))).toMatchObject({ profiles: { length: 4 } });
    const pprof = path.join(folder, 'a.pb.gz');
    expect(JSON.parse((await sonde(['export', RECORDING, '-f', 'pprof', '-o', pprof, '--json'])).out)).toEqual({
      ok: true,
      file: pprof,
      format: 'pprof',
      bytes: statSync(pprof).size,
      samples: 6,
      stacks: 3,
    });
    expect([...readFileSync(pprof).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  });

  test('network flows: in words, as tables, in a pipe', async () => {
    const file = path.join(folder, 'network.sonde.mcap');
    await record(file, networkSignals());
    const info = await sonde(['info', file]);
    expect(info).toMatchObject({ code: 0, err: '' });
    expect(info.out).toContain('4.0 s of network flows: 4 (2 open at the end)');
    expect(info.out).toMatch(/tcp 10\.0\.0\.2:40002 → 203\.0\.113\.41:443 cloud\.example {2}curl \(102\)/);
    const csv = await sonde(['export', file, '-f', 'csv', '-o', '-', '--include-own']);
    expect(csv).toMatchObject({ code: 0, err: '' });
    expect(csv.out.split('\n').filter((line) => line.includes(',tcp,'))).toHaveLength(5);
    const dns = await sonde(['export', file, '-f', 'json', '--table', 'dns', '-o', '-']);
    expect(JSON.parse(dns.out)).toMatchObject({ format: 'sonde-dns', dns: { length: 5 } });
  });

  test('redact: a preview, a new recording, an export without names; nothing half-way', async () => {
    const file = path.join(folder, 'edge-box-net.sonde.mcap');
    await record(file, networkSignals());
    const preview = await sonde(['redact', file, '--preset', 'strict', '--preview']);
    expect(preview).toMatchObject({ code: 0, err: '' });
    expect(preview.out).toContain('edge-box  →  device-1');
    const made = JSON.parse((await sonde(['redact', file, '--preset', 'strict', '--json'])).out) as { file: string };
    expect(made).toMatchObject({ ok: true, file: expect.stringMatching(/redacted-[\d-]+\.sonde\.mcap$/) });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    const info = await sonde(['info', made.file]);
    expect(info).toMatchObject({ code: 0, err: '' });
    expect(info.out).toContain('4.0 s of network flows: 4 (2 open at the end)');
    expect(info.out).not.toMatch(/edge-box|cloud\.example|curl|203\.0\.113/);
    const csv = await sonde(['export', file, '-f', 'csv', '-o', '-', '--redact', 'addresses']);
    expect(csv).toMatchObject({ code: 0, err: '' });
    expect(csv.out).toContain('curl');
    expect(csv.out).not.toMatch(/edge-box|cloud\.example|203\.0\.113/);
    expect(await sonde(['redact', file, '-o', file])).toMatchObject({ code: 50 });
    expect((await sonde(['redact', file, '--preset', 'stric'])).err).toContain('Did you mean strict?');
    expect((await sonde(['redact', file, '--hide', 'adresses'])).err).toContain('Did you mean addresses?');
  });

  test('a recording that was cut short: a warning, and what is there', async () => {
    const cut = path.join(folder, 'cut.sonde.mcap');
    copyFileSync(RECORDING, cut);
    truncateSync(cut, Math.floor(statSync(RECORDING).size / 2));
    const { code, out, err } = await sonde(['export', cut, '-f', 'folded', '-o', '-']);
    expect(code).toBe(0);
    expect(out).toContain('# device: edge-box');
    expect(err).toContain('it has no end');
  });

  test('a reader that has enough ends it quietly', async () => {
    const { code, out, err } = await new Promise<Ran>((resolve) => {
      const child = execFile(
        'sh',
        ['-c', `'${process.execPath}' '${program}' export '${RECORDING}' -f speedscope -o - | head -c 5`],
        { encoding: 'utf8' },
        (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
      );
    });
    expect({ code, out, err }).toEqual({ code: 0, out: '{"$sc', err: '' });
  });
});

describe('help and mistakes', () => {
  test('help', async () => {
    expect(await sonde(['help'])).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('sonde record HOST'),
    });
    expect(await sonde([])).toMatchObject({ code: 0, out: expect.stringContaining('sonde record HOST') });
    expect((await sonde(['--version'])).out).toMatch(/^sonde \d+\.\d+\.\d+\n$/);
  });

  test.each([
    [['recrod', 'box'], 2, 'Did you mean sonde record?'],
    [['record', 'box', '--hertz', '99'], 2, 'there is no option --hertz'],
    [['record', 'box', '--hz', '5000'], 50, 'It must be a whole number from 1 to 999.'],
    [['record', 'a b'], 2, 'as a destination'],
    [['info', '/nowhere'], 52, 'no such file or folder'],
    [['info', process.execPath], 51, 'neither a recording nor a profile'],
    [['export', RECORDING, '-f', 'pprof', '-o', '/nowhere/a.pb.gz'], 52, 'no such file or folder'],
  ])('%j ends with %d', async (words, code, message) => {
    const ran = await sonde(words);
    expect(ran.err).toContain(message);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).not.toContain('    at '); // no stack traces for people
  });
});

describe('devices', () => {
  let server: SshServer;
  let key = '';
  beforeAll(async () => {
    server = await startSshServer();
    key = makeKey(path.join(server.home, 'allowed'), 'ed25519');
    allow(server, key);
  });
  afterAll(() => server.stop());
  const host = (): string => `${server.user}@127.0.0.1:${server.port}`;
  const env = (): NodeJS.ProcessEnv => ({ HOME: server.home, SSH_AUTH_SOCK: '', SSH_ASKPASS: '' });

  test('nobody answers', async () => {
    const { code, err } = await sonde(['doctor', `root@127.0.0.1:${await freePort()}`], env());
    expect(code).toBe(10);
    expect(err).toContain('→');
  });

  test('an unknown host key is not accepted without a terminal', async () => {
    const { code, err } = await sonde(['doctor', host(), '-i', key], env());
    expect(code).toBe(11);
    expect(err).toContain(server.fingerprint('ed25519'));
  });

  test('no key, no terminal', async () => {
    const { code, out } = await sonde(
      [
        'doctor',
        host(),
        '--accept-host-key',
        server.fingerprint('ed25519'),
        '--known-hosts',
        path.join(folder, 'kh1'),
        '--json',
      ],
      env(),
    );
    expect(code).toBe(13);
    expect(JSON.parse(out)).toMatchObject({ ok: false, fault: { code: 'auth-failed' } });
  });

  test('doctor looks at this machine and changes nothing', async () => {
    const { code, out, err } = await sonde(
      [
        'doctor',
        host(),
        '-i',
        key,
        '--accept-host-key',
        server.fingerprint('ed25519'),
        '--known-hosts',
        path.join(folder, 'kh2'),
        '--json',
      ],
      env(),
    );
    // There are no loaders beside this bundle, and doctor says so.
    expect(code, err).toBe(3);
    const { checks } = JSON.parse(out) as { readonly checks: readonly { readonly id: string }[] };
    expect(checks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['kernel', 'root', 'node', 'place', 'artifacts']),
    );
    expect(readFileSync(path.join(folder, 'kh2'), 'utf8')).toContain('ssh-ed25519');
  });

  test('on a terminal the host key is asked for, and answered', async () => {
    const known = path.join(folder, 'kh3');
    const words = [process.execPath, program, 'doctor', host(), '-i', key, '--known-hosts', known, '--json']
      .map((word) => `'${word}'`)
      .join(' ');
    const screen = await onTerminal(words, { ...process.env, ...env() }, [['(yes/no)?', 'yes\n']]);
    expect(screen).toContain(server.fingerprint('ed25519'));
    expect(readFileSync(known, 'utf8')).toContain('ssh-ed25519');
  });

  test('on a terminal a passphrase is asked for and not shown; SSH_ASKPASS answers where there is none', async () => {
    const locked = makeKey(path.join(server.home, 'locked'), 'ed25519', 'open sesame');
    allow(server, locked);
    const words = [
      'doctor',
      host(),
      '-i',
      locked,
      '--accept-host-key',
      server.fingerprint('ed25519'),
      '--known-hosts',
      path.join(folder, 'kh4'),
    ];
    const screen = await onTerminal(
      [process.execPath, program, ...words].map((word) => `'${word}'`).join(' '),
      { ...process.env, ...env() },
      [['assphrase', 'open sesame\r']],
    );
    expect(screen).toMatch(/Kernel: Linux|cannot/);
    expect(screen).not.toContain('sesame');
    const askpass = path.join(folder, 'askpass');
    writeFileSync(askpass, '#!/bin/sh\necho "open sesame"\n', { mode: 0o755 });
    const { code, err } = await sonde(words, { ...env(), SSH_ASKPASS: askpass });
    expect(code, err).toBe(3);
    expect((await sonde(words, env())).err).toContain('there is no terminal');
  });
});

/** Runs it in a pseudo-terminal, answers what appears, and gives back all that was on the screen. */
function onTerminal(
  command: string,
  env: NodeJS.ProcessEnv,
  answers: readonly (readonly [seen: string, typed: string])[],
): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const waiting = [...answers];
    let screen = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      screen += piece;
      const [next] = waiting;
      if (!next || !screen.includes(next[0])) return;
      waiting.shift();
      child.stdin.write(next[1]);
    });
    child.on('close', () => resolve(screen));
  });
}
