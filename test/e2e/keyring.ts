/** A real keyring for a window: a session bus and GNOME Keyring of their own, in a home of their own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from '../remove-folder.ts';

/** A busy machine starts both in seconds. */
const START_MS = 60_000;
const LOOK_MS = 200;
const BUS_NAME = 'org.freedesktop.secrets';
/** Of the keyring that is unlocked, as a login would. */
const LOGIN = 'of-nobody';

export interface Keyring {
  readonly home: string;
  /** What a program needs to reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** As if this computer was started again: bus and keeper are new ones, on the same files. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with what is missing or does not start. */
export async function openKeyring(): Promise<Keyring> {
  const home = mkdtempSync(path.join(tmpdir(), 'sonde-keyring-'));
  const runtime = path.join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const env: Record<string, string> = { HOME: home, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: path.join(home, 'data') };
  let running: ChildProcess[] = [];
  const stop = async () => {
    const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)));
    const alive = running.filter((child) => child.exitCode === null && child.signalCode === null);
    for (const child of alive) child.kill('SIGTERM');
    await Promise.all(ended.filter((_, i) => alive.includes(running[i] as ChildProcess)));
    running = [];
  };
  const start = async () => {
    const bus = await startBus(env);
    running.push(bus.child);
    env['DBUS_SESSION_BUS_ADDRESS'] = bus.address;
    running.push(await startKeeper(env));
  };
  const close = async () => {
    await stop();
    removeFolder(home);
  };
  await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    home,
    env,
    close,
    restart: async () => {
      await stop();
      await start();
    },
  };
}

async function startBus(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until('the session bus', child, () => said.includes('\n'));
  return { child, address: said.split('\n')[0] ?? '' };
}

async function startKeeper(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => undefined); // it has ended: `until` says so
  child.stdin.end(LOGIN);
  await until('the keyring', child, () => hasName(env));
  return child;
}

/** Somebody answers for the keyring on the bus. */
function hasName(env: Readonly<Record<string, string>>): boolean {
  const words = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const asked = spawnSync('dbus-send', [...words, 'org.freedesktop.DBus.NameHasOwner', `string:${BUS_NAME}`], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return asked.stdout?.includes('boolean true') ?? false;
}

async function until(what: string, child: ChildProcess, isThere: () => boolean): Promise<void> {
  let failed = '';
  child.once('error', (error) => (failed = error.message));
  child.once('exit', (code) => (failed ||= `it ended with ${code}`));
  const end = performance.now() + START_MS;
  while (!isThere()) {
    if (failed !== '') throw new Error(`${what} does not start: ${failed}`);
    if (performance.now() > end) throw new Error(`${what} did not start in time`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
