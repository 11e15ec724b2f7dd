/** The real window on a display of its own, while a box makes its calls: frames a second, and what the window was told. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Box } from '../../device/box/boot.mjs';
import { openLiveWindow, PICTURE_MS } from '../../e2e/live-window.ts';
import type { BenchContext } from '../harness/bench.ts';
import { cpuTimeMs } from '../flamegraph/cpu-time.mjs';
import { beginCalls, type Counted, countOf, endOfCalls, type Made } from './calls.ts';

/** Tables are sent, names are found. */
const SETTLE_S = 10;

export interface Motion {
  readonly view: string;
  readonly framesPerS: number;
  readonly ninetyFifthMs: number;
  readonly longestMs: number;
}

export interface WindowRun {
  readonly motions: readonly Motion[];
  /** Of all processes of the window, per second: what it would take from any computer. */
  readonly cpuMsPerS: number;
  readonly made: Made;
  readonly counted: Counted;
}

/** What the pointer is over. */
const VIEWS = { 'latency heat map': '.calls-heat-plot', table: '.calls .grid-body' } as const;

export async function watchWindow(box: Box, { seconds, log }: BenchContext): Promise<WindowRun> {
  const { page, app, folder, close } = await openLiveWindow('syscall-load', box);
  try {
    await page.getByRole('tab', { name: 'System calls' }).click({ timeout: PICTURE_MS });
    await page.locator(VIEWS.table).getByRole('row').first().waitFor({ timeout: PICTURE_MS });
    await beginCalls(box, seconds + 2 * SETTLE_S);
    await page.waitForTimeout(SETTLE_S * 1000);
    const motions: Motion[] = [];
    const cpuMs = () => cpuTimeMs(app.process().pid ?? 0) ?? Number.NaN;
    const [startedMs, cpuBeforeMs] = [performance.now(), cpuMs()];
    for (const [view, over] of Object.entries(VIEWS)) motions.push(await watchFrames(page, view, over, seconds / 2));
    const cpuMsPerS = ((cpuMs() - cpuBeforeMs) / (performance.now() - startedMs)) * 1000;
    for (const { view, framesPerS } of motions) log(`${view}: ${framesPerS.toFixed(1)} frames/s`);
    const made = await endOfCalls(box);
    await page.waitForTimeout(SETTLE_S * 1000);
    await app.close();
    const recordings = join(folder, 'recordings');
    const counted = await countOf(join(recordings, readdirSync(recordings)[0] ?? ''), made);
    return { motions, cpuMsPerS, made, counted };
  } finally {
    await close();
  }
}

async function watchFrames(page: Page, view: string, over: string, seconds: number): Promise<Motion> {
  return { view, ...(await page.evaluate(movePointer, { over, seconds })) };
}

/** Runs in the page: a pointer that moves all the time, and the gaps between the frames that were made. */
async function movePointer({ over, seconds }: { over: string; seconds: number }) {
  const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const gaps: number[] = [];
  let last = await nextFrame();
  const end = last + seconds * 1000;
  for (let frame = 0; last < end; frame++) {
    const target = document.querySelector(over);
    const box = target?.getBoundingClientRect() ?? new DOMRect();
    const clientX = box.left + box.width * (((frame * 7) % 100) / 100);
    const clientY = box.top + Math.min(box.height, 150) * (((frame * 3) % 90) / 100);
    target?.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));
    const now = await nextFrame();
    gaps.push(now - last);
    last = now;
  }
  gaps.sort((a, b) => a - b);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return {
    framesPerS: (gaps.length / total) * 1000,
    ninetyFifthMs: gaps[Math.floor(gaps.length * 0.95)] ?? 0,
    longestMs: gaps.at(-1) ?? 0,
  };
}
