/** An hour of a live session in a few minutes: whether memory stays where it is, and whether the page ever hangs. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openDisplay } from '../../build/display.mjs';
import type { Bench, BenchContext, BenchResult, Claim } from './harness/bench.ts';
import { memoryOf, type OwnMemory, startApp } from './harness/desktop-app.ts';
import { median, percent, sum } from './harness/figures.ts';
import { watchAgent } from './hour/agent.ts';
import { startHurriedDevice } from './hour/device.ts';

const SPEED = 25;
const HOUR_MIN = 60;
const QUICK_MIN = 25;
/** By then every view was shown and every table is as large as it gets. */
const SETTLED_MIN = 10;
/** Memory breathes, and each view takes its own: two rounds of them are compared with two rounds. */
const STRETCH_MIN = 6;
const TELL_MIN = 5;
const FLAT = 0.05;
const LONG_TASK_MS = 100;
const PICTURE_MS = 60_000;
const LOOK_MS = 50;
/** One after the other, a minute of the device each. */
const VIEWS = ['CPU profile', 'System calls', 'Network flows'];

interface Minute {
  /** Of the device, from 1. */
  readonly minute: number;
  readonly view: string;
  /** Of the page, in milliseconds each; those over 50. */
  readonly tasks: readonly number[];
  readonly windowBytes: number;
  readonly sessionBytes: number;
}

interface Session {
  readonly seen: readonly Minute[];
  /** Of the page, after its garbage was collected. */
  readonly heapBytes: number;
  readonly speed: number;
}

async function watchSession(minutes: number, { scratch, log }: BenchContext): Promise<Session> {
  const display = await openDisplay();
  const device = await startHurriedDevice(minutes * 60, SPEED);
  const target = [`--connect=root@127.0.0.1:${device.port}`, `--known-hosts=${device.knownHosts}`];
  const app = await startApp(process.cwd(), { scratch, display: display.name, args: target });
  try {
    const page = await app.page();
    await page.locator('.flame-pane').waitFor({ timeout: PICTURE_MS });
    await page.evaluate(watchTasks);
    const beganMs = performance.now();
    const seen: Minute[] = [];
    for (let minute = 1; minute <= minutes; minute++) {
      const view = VIEWS[minute % VIEWS.length] ?? '';
      await page.getByRole('tab', { name: view, exact: true }).click();
      while (device.sentS() < minute * 60) await pause(LOOK_MS);
      seen.push({ minute, view, tasks: await page.evaluate(takeTasks), ...inBytes(memoryOf(app.pid)) });
      if (minute % TELL_MIN === 0) log(`minute ${minute}: ${words(seen.at(-1))}`);
    }
    const speed = (minutes * 60_000) / (performance.now() - beganMs);
    const shown = await page.evaluate(() => document.body.innerText);
    if (!shown.includes('Recording')) throw new Error(`the session did not last: ${shown}`);
    return { seen, heapBytes: await heapOf(page), speed };
  } finally {
    await app.close();
    await device.stop();
    display.close();
  }
}

async function run(context: BenchContext): Promise<BenchResult> {
  const minutes = context.quick ? QUICK_MIN : HOUR_MIN;
  const session = await watchSession(minutes, context);
  const agentBytes = await watchAgent(minutes, context.scratch);
  context.log(
    `agent, from minute ${SETTLED_MIN} on: ${agentBytes
      .slice(SETTLED_MIN - 1)
      .map(megabytes)
      .join(', ')}`,
  );
  return result(session, agentBytes);
}

function inBytes(processes: readonly OwnMemory[]): Pick<Minute, 'windowBytes' | 'sessionBytes'> {
  const of = (isSession: boolean): number =>
    sum(processes.filter(({ role }) => (role === 'session') === isSession).map(({ writtenBytes }) => writtenBytes));
  return { windowBytes: of(false), sessionBytes: of(true) };
}

async function heapOf(page: Page): Promise<number> {
  const inspector = await page.context().newCDPSession(page);
  await inspector.send('HeapProfiler.collectGarbage');
  const { usedSize } = await inspector.send('Runtime.getHeapUsage');
  await inspector.detach();
  return usedSize;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const words = (at: Minute | undefined): string =>
  at ? `window ${megabytes(at.windowBytes)}, session ${megabytes(at.sessionBytes)}` : '';

/** Runs in the page. */
function watchTasks(): void {
  const tasks: number[] = [];
  Object.assign(window, { longTasks: tasks });
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: 'longtask',
  });
}

/** As above. Those since it was last asked. */
function takeTasks(): number[] {
  return (window as unknown as { longTasks: number[] }).longTasks.splice(0);
}

/** How much more there was at the end than once everything had settled. `bytes`: of each minute. */
function growth(bytes: readonly number[]): number {
  const before = median(bytes.slice(SETTLED_MIN - STRETCH_MIN, SETTLED_MIN));
  return (median(bytes.slice(-STRETCH_MIN)) - before) / before;
}

function flat(what: string, bytes: readonly number[]): Claim {
  const share = growth(bytes);
  return { what, target: `≤ ${percent(FLAT, 0)}`, measured: percent(share), met: share <= FLAT };
}

function result({ seen, heapBytes, speed }: Session, agentBytes: readonly number[]): BenchResult {
  const longest = Math.max(0, ...seen.flatMap(({ tasks }) => tasks));
  const windowBytes = seen.map((each) => each.windowBytes);
  const sessionBytes = seen.map((each) => each.sessionBytes);
  return {
    about: `${seen.length} minutes of a device pass ${speed.toFixed(0)} times as fast, over real SSH, through the real session process into the real window: system calls, CPU profile and network flows of a steady box, recorded as always, each view shown in turn. Then the agent as it is sent, fed by three loaders: a new process each minute, a new stack and a new flow every ten seconds.`,
    claims: [
      flat(`growth of the window, minute ${SETTLED_MIN} to ${seen.length}`, windowBytes),
      flat('growth of the session process', sessionBytes),
      flat('growth of the agent', agentBytes),
      {
        what: 'longest task of the page',
        target: `≤ ${LONG_TASK_MS} ms`,
        measured: `${longest.toFixed(0)} ms`,
        met: longest <= LONG_TASK_MS,
      },
    ],
    tables: [
      {
        title: 'Memory that was written',
        columns: ['minute', 'window', 'session process', 'agent'],
        rows: seen
          .filter(({ minute }) => minute === 1 || minute % TELL_MIN === 0)
          .map(({ minute, windowBytes, sessionBytes }) => [
            String(minute),
            megabytes(windowBytes),
            megabytes(sessionBytes),
            megabytes(agentBytes[minute - 1] ?? Number.NaN),
          ]),
      },
      {
        title: 'Tasks of the page over 50 ms',
        columns: ['while it showed', 'how many', 'longest'],
        rows: VIEWS.map((view) => {
          const tasks = seen.filter((each) => each.view === view).flatMap((each) => each.tasks);
          return [view, String(tasks.length), `${Math.max(0, ...tasks).toFixed(0)} ms`];
        }),
      },
    ],
    notes: [
      `Growth is between the median of minutes ${SETTLED_MIN - STRETCH_MIN + 1} to ${SETTLED_MIN} and that of the last ${STRETCH_MIN}. Program files, which are shared with whatever else runs them, are not in it. The window keeps what it has shown: two hours, or 64 MB of each probe.`,
      `What the page itself holds in JavaScript, at the end: ${megabytes(heapBytes)}. Windows of data come ${speed.toFixed(0)} times as often as they would, and the page works that much more for them.`,
    ],
    figures: { speed, heapBytes, agentBytes, seen },
  };
}

export const HOUR: Bench = { name: 'hour', title: 'An hour of a live session', run };
