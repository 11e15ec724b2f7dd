/** Other programs that open what Sonde exports, as a person would start them. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { openWindow } from '../flamegraph/browser.mjs';
import { serve } from '../flamegraph/site.mjs';

const LIMIT_MS = 180_000;
const require = createRequire(path.resolve('package.json'));
const folderOf = (name: string) => path.dirname(require.resolve(`${name}/package.json`));

/** speedscope in a browser that is there already: from the beginning of its page to its first label. Each of `times`. */
export async function openInSpeedscope(file: string, times: number): Promise<number[]> {
  const site = await serve({
    speedscope: path.join(folderOf('speedscope'), 'dist/release'),
    export: path.dirname(file),
  });
  const window = await openWindow();
  try {
    const { page } = window;
    await page.addInitScript(markFirstLabel);
    const address = `${site.url}speedscope/#profileURL=${encodeURIComponent(`${site.url}export/${path.basename(file)}`)}`;
    const taken: number[] = [];
    for (let i = 0; i < times; i++) {
      await page.goto('about:blank');
      await page.goto(address, { waitUntil: 'commit' });
      await page.waitForFunction(() => performance.getEntriesByName('painted').length > 0, null, { timeout: LIMIT_MS });
      taken.push(await page.evaluate(() => performance.getEntriesByName('painted')[0]?.startTime ?? Number.NaN));
    }
    return taken;
  } finally {
    await window.close();
    await site.close();
  }
}

/** Runs in the page before anything else: the names of the boxes are written with fillText, right after the boxes. */
function markFirstLabel(): void {
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (...args) {
    CanvasRenderingContext2D.prototype.fillText = fillText;
    requestAnimationFrame(() => performance.mark('painted'));
    return fillText.apply(this, args);
  };
}

/** The Firefox Profiler's importer, in its own command line: from its start to its answer which threads there are. */
export async function openInFirefoxProfiler(file: string, scratch: string, times: number): Promise<number[]> {
  const program = path.join(folderOf('@firefox-devtools/profiler-cli'), 'dist/profiler-cli.js');
  // It wants a newer Node than ours; Electron has one. A daemon of its own holds what was loaded.
  const say = (session: string, ...words: readonly string[]) =>
    promisify(execFile)(require('electron') as string, [program, ...words, '--session', session], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', PROFILER_CLI_SESSION_DIR: scratch },
      timeout: LIMIT_MS,
      maxBuffer: 1 << 26,
    });
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const session = `bench-${i}`;
    const begin = performance.now();
    // `load` gives up when its daemon takes long to read; it is there a little later.
    await say(session, 'load', file).catch(() => undefined);
    await untilAnswered(() => say(session, 'thread', 'list'));
    taken.push(performance.now() - begin);
    await say(session, 'stop').catch(() => undefined); // it ends with its folder at the latest
  }
  return taken;
}

async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  for (const end = performance.now() + LIMIT_MS; ; ) {
    const failed = await ask().then(
      () => null,
      (error: unknown) => error,
    );
    if (failed === null) return;
    if (performance.now() > end) throw failed;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
