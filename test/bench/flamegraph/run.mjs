/**
 * How fast the pictures are: frames per second of panning and zooming a flame graph and of watching system calls and
 * network flows go on, and the time from the profile's bytes to the
 * first painted frames, next to speedscope in the same browser with the same profile. Figures, no verdict.
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { openWindow } from './browser.mjs';
import { measureCalls, measureFlows } from './counts-motion.mjs';
import { measureMotion } from './motion.mjs';
import { bundlePage, importTypeScript, serve } from './site.mjs';

const FRAMES = 100_000;
const SEED = 1;
/** Of each program, from an empty page. */
const LOADS = 7;
const LOAD_TIMEOUT_MS = 60_000;

/** @returns {Promise<Record<string, number>>} figures by name */
export async function run({ log = console.log } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sonde-bench-flamegraph-'));
  try {
    const { makeProfile } = await importTypeScript('test/bench/flamegraph/make-profile.ts', folder);
    const profile = makeProfile(FRAMES, SEED);
    writeFileSync(path.join(folder, 'profile.bin'), profile.sonde);
    writeFileSync(path.join(folder, 'profile.json'), profile.speedscope);
    await bundlePage('test/bench/flamegraph/page.tsx', folder);
    copyFileSync('renderer/index.html', path.join(folder, 'index.html'));
    const site = await serve({ sonde: folder, speedscope: speedscopeFolder() });
    const window = await openWindow({ log });
    try {
      return await measure(window, site.url, profile, log);
    } finally {
      await window.close();
      await site.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function speedscopeFolder() {
  const manifest = createRequire(import.meta.url).resolve('speedscope/package.json');
  return path.join(path.dirname(manifest), 'dist/release');
}

async function measure(window, url, profile, log) {
  const { page } = window;
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.addInitScript(markFirstLabel);
  const sonde = `${url}sonde/?bytes=profile.bin`;
  const speedscope = `${url}speedscope/#profileURL=${encodeURIComponent(`${url}sonde/profile.json`)}`;
  const times = { sonde: [], speedscope: [] };
  // Turn by turn: whatever else the machine does meets both.
  for (let load = 0; load < LOADS; load++) {
    times.sonde.push(await firstPicture(page, sonde));
    times.speedscope.push(await firstPicture(page, speedscope));
  }
  const [ours, theirs] = [summary(times.sonde), summary(times.speedscope)];
  log(`first picture of ${FRAMES} frames, sonde:      ${told(ours)} (${kilobytes(profile.sonde.length)} KB)`);
  log(`first picture of ${FRAMES} frames, speedscope: ${told(theirs)} (${kilobytes(profile.speedscope.length)} KB)`);
  const ratio = theirs.fastest / ours.fastest;
  log(`sonde is there ${ratio.toFixed(1)} times as fast (fastest of each)`);
  await firstPicture(page, sonde);
  return {
    frames: FRAMES,
    'first-picture-ms': ours.median,
    'first-picture-fastest-ms': ours.fastest,
    'speedscope-first-picture-ms': theirs.median,
    'speedscope-first-picture-fastest-ms': theirs.fastest,
    'times-as-fast-as-speedscope': ratio,
    ...(await measureMotion(window, log)),
    ...(await measureCalls(window, url, log)),
    ...(await measureFlows(window, url, log)),
  };
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { fastest: sorted[0], median: sorted[Math.floor(sorted.length / 2)] };
}

const told = ({ fastest, median }) => `${fastest.toFixed(0)} ms at best, ${median.toFixed(0)} ms in the middle`;
const kilobytes = (bytes) => Math.round(bytes / 1024);

/** From the start of loading the page (which fetches the profile) to the frame after its first label was drawn. */
async function firstPicture(page, address) {
  await page.goto('about:blank');
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName('painted').length > 0, null, {
    timeout: LOAD_TIMEOUT_MS,
    polling: 100,
  });
  return page.evaluate(() => performance.getEntriesByName('painted')[0].startTime);
}

/** Runs in the page before anything else: both programs write the frames' names with fillText, right after the boxes. */
function markFirstLabel() {
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (...args) {
    CanvasRenderingContext2D.prototype.fillText = fillText;
    requestAnimationFrame(() => performance.mark('painted'));
    return fillText.apply(this, args);
  };
}

if (process.argv[1] === import.meta.filename) {
  const figures = await run();
  console.log(JSON.stringify(figures, null, 2));
}
