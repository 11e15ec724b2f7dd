// Watches the view of system calls while it goes on: a new window and a publish four times a second, a pointer that moves.
import { cpuTimeMs } from './cpu-time.mjs';

const SECONDS = 6;
/** What is followed. */
const RANGE_SECONDS = 300;

export async function measureCalls({ page, pid }, url, log) {
  const figures = {};
  await page.goto(`${url}sonde/?calls=${RANGE_SECONDS}&last=${RANGE_SECONDS}`);
  await page.waitForSelector('.calls .grid-body [role=row]');
  for (const over of ['.calls-heat-plot', '.calls .grid-body']) {
    const before = cpuTimeMs(pid);
    const { framesPerSecond, ninetyFifthMs, longestMs, publishes } = await page.evaluate(watch, {
      over,
      seconds: SECONDS,
    });
    const cpuMs = before === null ? null : (cpuTimeMs(pid) - before) / SECONDS;
    const name = over.includes('heat') ? 'calls-heat-map' : 'calls-table';
    log(
      `${name} ${framesPerSecond.toFixed(1)} frames/s, 95 % within ${ninetyFifthMs.toFixed(1)} ms, longest ` +
        `${longestMs.toFixed(0)} ms, ${publishes} publishes${cpuMs === null ? '' : `, ${cpuMs.toFixed(0)} ms of CPU a second`}`,
    );
    figures[`${name}-frames-per-second`] = framesPerSecond;
    figures[`${name}-95th-percentile-ms`] = ninetyFifthMs;
    figures[`${name}-longest-ms`] = longestMs;
  }
  return figures;
}

/** Runs in the page. */
async function watch({ over, seconds }) {
  const target = document.querySelector(over);
  const box = target.getBoundingClientRect();
  const first = window.store.snapshots.getState().version;
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const gaps = [];
  let last = await nextFrame();
  const end = last + seconds * 1000;
  for (let frame = 0; last < end; frame++) {
    const place = {
      clientX: box.left + box.width * (((frame * 7) % 100) / 100),
      clientY: box.top + Math.min(box.height, 150) * (((frame * 3) % 90) / 100),
    };
    target.dispatchEvent(new PointerEvent('pointermove', { ...place, bubbles: true }));
    const now = await nextFrame();
    gaps.push(now - last);
    last = now;
  }
  gaps.sort((a, b) => a - b);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return {
    framesPerSecond: (gaps.length / total) * 1000,
    ninetyFifthMs: gaps[Math.floor(gaps.length * 0.95)],
    longestMs: gaps.at(-1),
    publishes: window.store.snapshots.getState().version - first,
  };
}
