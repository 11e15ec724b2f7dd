// Pans and zooms the picture as a user's hand would, one event per frame, and counts the frames the browser made.
import { cpuTimeMs } from './cpu-time.mjs';

const SECONDS = 4;

/** `pid`: of the browser, whose processes' CPU time is told per frame. */
export async function measureMotion({ page, pid }, log) {
  const figures = {};
  for (const kind of ['zoom', 'pan', 'scroll', 'hover']) {
    const before = cpuTimeMs(pid);
    const { frames, framesPerSecond, ninetyFifthMs } = await page.evaluate(moveFor, { kind, seconds: SECONDS });
    const cpuMs = before === null ? null : (cpuTimeMs(pid) - before) / frames;
    log(
      `${kind.padEnd(6)} ${framesPerSecond.toFixed(1)} frames/s, 95 % within ${ninetyFifthMs.toFixed(1)} ms` +
        (cpuMs === null ? '' : `, ${cpuMs.toFixed(1)} ms of CPU a frame in all processes`),
    );
    figures[`${kind}-frames-per-second`] = framesPerSecond;
    figures[`${kind}-95th-percentile-ms`] = ninetyFifthMs;
    if (cpuMs !== null) figures[`${kind}-cpu-ms-per-frame`] = cpuMs;
  }
  return figures;
}

/** Runs in the page. */
async function moveFor({ kind, seconds }) {
  const canvas = document.querySelector('canvas[tabindex]');
  const scroller = document.querySelector('.flame-scroller');
  const box = canvas.getBoundingClientRect();
  const at = (x, y) => ({
    clientX: box.left + box.width * x,
    clientY: box.top + box.height * y,
    bubbles: true,
    cancelable: true,
  });
  const moves = {
    /** In to 1/400 of the width and out again. */
    zoom: (frame) =>
      canvas.dispatchEvent(
        new WheelEvent('wheel', { ...at(0.37, 0.5), ctrlKey: true, deltaY: frame % 120 < 60 ? -40 : 40 }),
      ),
    /** To and fro across a picture twenty times as wide as the window. */
    pan: (frame) =>
      canvas.dispatchEvent(new WheelEvent('wheel', { ...at(0.5, 0.5), deltaX: frame % 200 < 100 ? 60 : -60 })),
    scroll: (frame) => (scroller.scrollTop += frame % 100 < 50 ? 25 : -25),
    hover: (frame) =>
      canvas.dispatchEvent(new PointerEvent('pointermove', at(((frame * 7) % 100) / 100, ((frame * 3) % 90) / 100))),
  };
  if (kind === 'pan') {
    for (let i = 0; i < 30; i++)
      canvas.dispatchEvent(new WheelEvent('wheel', { ...at(0.4, 0.5), ctrlKey: true, deltaY: -40 }));
  }
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await nextFrame();
  const gaps = [];
  let last = await nextFrame();
  for (let frame = 0; gaps.reduce((sum, gap) => sum + gap, 0) < seconds * 1000; frame++) {
    moves[kind](frame);
    const now = await nextFrame();
    gaps.push(now - last);
    last = now;
  }
  canvas.focus();
  canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }));
  gaps.sort((a, b) => a - b);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return {
    frames: gaps.length,
    framesPerSecond: (gaps.length / total) * 1000,
    ninetyFifthMs: gaps[Math.floor(gaps.length * 0.95)],
  };
}
