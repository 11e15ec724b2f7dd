/** The real application records a device, and it or its session process is killed: what had been sent and is not in the file. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { openStage, type Stage } from '../../e2e/application.ts';
import { type HurriedDevice, startHurriedDevice } from '../hour/device.ts';
import { newestIn } from './newest.ts';

export type Victim = 'application' | 'session process';

export interface AppKill {
  readonly victim: Victim;
  /** From its first data on. */
  readonly lifeMs: number;
  readonly opens: boolean;
  /** How long before the kill the first window was sent that is not in the file; 0 = all are. */
  readonly missingMs: number;
}

const LIMIT_MS = 120_000;
/** Longer than any of them lives. */
const DEVICE_S = 30;
const LOOK_MS = 5;
/** The device's clock when its first second begins. */
const START_S = 1000;

/** One after the other. */
export async function killApplications(
  folder: string,
  kills: readonly { readonly victim: Victim; readonly lifeMs: number }[],
  log: (line: string) => void,
): Promise<AppKill[]> {
  const stage = await openStage();
  const done: AppKill[] = [];
  try {
    for (const [i, kill] of kills.entries()) {
      const outcome = await killOne(stage, path.join(folder, `app-${i}`), kill);
      log(`${kill.victim}, killed after ${kill.lifeMs.toFixed(0)} ms: ${outcome.missingMs.toFixed(0)} ms are missing`);
      done.push(outcome);
    }
  } finally {
    await stage.close();
  }
  return done;
}

async function killOne(
  stage: Stage,
  home: string,
  { victim, lifeMs }: { readonly victim: Victim; readonly lifeMs: number },
): Promise<AppKill> {
  await mkdir(home);
  const device = await startHurriedDevice(DEVICE_S, 1);
  const sent = watchSending(device);
  try {
    const target = [`--connect=root@127.0.0.1:${device.port}`, `--known-hosts=${device.knownHosts}`];
    const { app } = await stage.launch(target, home, { HOME: home, SSH_AUTH_SOCK: '' });
    const file = await untilThere(() => recordingIn(path.join(home, 'recordings')));
    await untilThere(async () => ((await newestIn(file))?.atNs ? true : null));
    await new Promise((resolve) => setTimeout(resolve, lifeMs));
    const session = await sessionOf(app);
    const main = app.process().pid ?? 0;
    const killedMs = performance.now();
    process.kill(victim === 'application' ? main : session, 'SIGKILL');
    await untilThere(() => (isAlive(session) ? null : true));
    if (victim === 'session process') process.kill(main, 'SIGKILL');
    await untilThere(() => (isAlive(main) ? null : true));
    const newest = await newestIn(file);
    // The second number n is whole in what is sent as number n: tables are number 0.
    const firstMissing = Math.round((newest?.atNs ?? 0) / 1e9 - START_S) + 1;
    const missingMs = Math.max(0, killedMs - (sent.atMs[firstMissing] ?? killedMs));
    return { victim, lifeMs, opens: newest !== null, missingMs };
  } finally {
    sent.stop();
    await device.stop();
  }
}

/** When each of its seconds was sent. */
function watchSending({ sentS }: HurriedDevice): { readonly atMs: readonly number[]; readonly stop: () => void } {
  const atMs: number[] = [];
  const timer = setInterval(() => {
    while (atMs.length < sentS()) atMs.push(performance.now());
  }, LOOK_MS);
  return { atMs, stop: () => clearInterval(timer) };
}

async function sessionOf(app: ElectronApplication): Promise<number> {
  const [pid] = await app.evaluate((electron) =>
    electron.app
      .getAppMetrics()
      .filter(({ serviceName, name }) => [serviceName, name].includes('Sonde session'))
      .map(({ pid }) => pid),
  );
  return pid ?? Promise.reject(new Error('there is no session process'));
}

function recordingIn(folder: string): string | null {
  try {
    const [name] = readdirSync(folder).filter((each) => each.endsWith('.mcap'));
    return name === undefined ? null : path.join(folder, name);
  } catch {
    return null; // not made yet
  }
}

async function untilThere<T>(look: () => T | null | Promise<T | null>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > end) throw new Error(`not there after ${LIMIT_MS} ms: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Whose parent has not looked yet is dead all the same. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false; // gone
  }
}
