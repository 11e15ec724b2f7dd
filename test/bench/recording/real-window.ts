/** The real application on a display of its own opens a recording: how soon it shows it, and whether it ever stands still. */
import type { ElectronApplication } from 'playwright-core';
import { openStage, type Stage } from '../../e2e/application.ts';
import { watchTasks } from './task-times.ts';

export interface Shown {
  /** From the choice of the file in an application that runs; or from its start with the file, which takes a second of it. */
  readonly firstMs: number;
  /** From the same moment until nothing of it is to come any more; NaN = it was not waited for. */
  readonly wholeMs: number;
  /** The longest that one task kept the window's thread since then; 0 = none took 50 ms. */
  readonly longestTaskMs: number;
  /** Of a processor: what the machine did meanwhile besides is not in it. Only where it was opened from the menu. */
  readonly longestTaskCpuMs: number;
  /** Between two frames, as long as it was watched: what a person sees, on a display without a graphics processor. */
  readonly longestGapMs: number;
  /** Of the window's process, in the end. */
  readonly windowBytes: number;
  /** Of the session process, which reads the file. */
  readonly sessionBytes: number;
}

const LIMIT_MS = 120_000;
const WHOLE_MS = 600_000;

/** Started once before: what a disk and a fresh build have to do once is not ours to measure. */
export async function openWarmStage(): Promise<Stage> {
  const stage = await openStage();
  const { close } = await stage.launch();
  await close();
  return stage;
}

/** `watchMs`: after the first picture; null = until it is whole. */
export async function showRecording(
  stage: Stage,
  file: string,
  watchMs: number | null,
  how: 'from the menu' | 'with the program' = 'from the menu',
): Promise<Shown> {
  const startedMs = Date.now();
  const isStarted = how === 'with the program';
  const { app, page, close } = await stage.launch(isStarted ? [file] : []);
  await page.evaluate(watch);
  const tasks = isStarted ? null : await watchTasks(app);
  const openedMs = isStarted ? startedMs : await chooseInMenu(app, file);
  await page.waitForFunction(() => globalThis.watched.firstMs > 0, null, { timeout: LIMIT_MS });
  if (watchMs !== null) await page.waitForTimeout(watchMs);
  else await page.waitForFunction(() => !document.querySelector('.banners .progress'), null, { timeout: WHOLE_MS });
  const wholeMs = watchMs === null ? Date.now() - openedMs : Number.NaN;
  const seen = await page.evaluate(() => globalThis.watched);
  const longestTaskCpuMs = (await tasks?.()) ?? Number.NaN;
  const bytes = await memoryOf(app);
  await close();
  return { ...seen, firstMs: seen.firstMs - openedMs, wholeMs, longestTaskCpuMs, ...bytes };
}

/** Nobody finds a file in less, and the program may use it. */
const CHOOSING_MS = 1000;

/** As a user does, who chooses a file in the dialog. Resolves with when that was. */
function chooseInMenu(app: ElectronApplication, file: string): Promise<number> {
  return app.evaluate(
    ({ dialog, Menu }, [chosen, choosingMs]) =>
      new Promise<number>((resolve, reject) => {
        dialog.showOpenDialog = () =>
          new Promise((answer) =>
            setTimeout(() => {
              resolve(Date.now());
              answer({ canceled: false, filePaths: [chosen] });
            }, choosingMs),
          );
        const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
        const item = items.find(({ label }) => label.startsWith('Open recording'));
        if (item) item.click();
        else reject(new Error('the menu opens no recording'));
      }),
    [file, CHOOSING_MS] as const,
  );
}

async function memoryOf(app: ElectronApplication): Promise<Pick<Shown, 'windowBytes' | 'sessionBytes'>> {
  const processes = await app.evaluate((electron) =>
    electron.app.getAppMetrics().map(({ type, serviceName, name, memory }) => ({
      isWindow: type === 'Tab',
      isSession: [serviceName, name].includes('Sonde session'),
      bytes: memory.workingSetSize * 1024,
    })),
  );
  const total = (isIt: (process: (typeof processes)[number]) => boolean) =>
    processes.filter(isIt).reduce((sum, { bytes }) => sum + bytes, 0);
  return { windowBytes: total(({ isWindow }) => isWindow), sessionBytes: total(({ isSession }) => isSession) };
}

declare global {
  var watched: Pick<Shown, 'firstMs' | 'longestTaskMs' | 'longestGapMs'>;
}

/** Runs in the page. The first picture: the flame graph's canvas is there, and the frame after it was made. */
function watch(): void {
  const seen = { firstMs: 0, longestTaskMs: 0, longestGapMs: 0 };
  globalThis.watched = seen;
  // Tasks are told of from 50 ms on.
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longestTaskMs = Math.max(seen.longestTaskMs, duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now: number): void => {
    seen.longestGapMs = Math.max(seen.longestGapMs, now - last);
    last = now;
    requestAnimationFrame(frame);
    if (seen.firstMs !== 0 || !document.querySelector('.flame-stage canvas')) return;
    seen.firstMs = -1;
    requestAnimationFrame(() => (seen.firstMs = Date.now()));
  };
  requestAnimationFrame(frame);
}
