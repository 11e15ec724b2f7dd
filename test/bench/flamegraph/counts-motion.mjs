// Watches views of counts while they go on: new windows and publishes, and a pointer that moves.
import { cpuTimeMs } from './cpu-time.mjs';

const SECONDS = 6;
/** What is followed. */
const RANGE_SECONDS = 300;
const FLOW_SECONDS = 60;

/** System calls: a new window four times a second. */
export async function measureCalls(window, url, log) {
  await window.page.goto(`${url}sonde/?calls=${RANGE_SECONDS}&last=${RANGE_SECONDS}`);
  await window.page.waitForSelector('.calls .grid-body [role=row]');
  return measure(window, log, { 'calls-heat-map': '.calls-heat-plot', 'calls-table': '.calls .grid-body' });
}

/** Network flows: a window of 5,000 rows a second, as the agent sends them. */
export async function measureFlows(window, url, log) {
  await window.page.goto(`${url}sonde/?flows=${FLOW_SECONDS}&last=${FLOW_SECONDS}`);
  await window.page.waitForSelector('.flows .grid-body [role=row]');
  const figures = await measure(window, log, { 'flows-chart': '.rates-picker', 'flows-table': '.flows .grid-body' });
  await window.page.getByRole('tab', { name: 'Map' }).click();
  await window.page.waitForSelector('.net-map-pointer');
  return { ...figures, ...(await measure(window, log, { 'flows-map': '.net-map-pointer' })) };
}

/** `places`: selectors of what the pointer moves over, by the name of the figure. */
async function measure({ page, pid }, log, places) {
  const figures = {};
  for (const [name, over] of Object.entries(places)) {
    const before = cpuTimeMs(pid);
    const { framesPerSecond, ninetyFifthMs, longestMs, publishes } = await page.evaluate(watch, {
      over,
      seconds: SECONDS,
    });
    const cpuMs = before === null ? null : (cpuTimeMs(pid) - before) / SECONDS;
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
