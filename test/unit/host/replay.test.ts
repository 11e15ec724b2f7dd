/** A long recording in a window: its beginning, in order, then sums of all of it, then any range. */
import { mkdtempSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PortToWindow, SessionView } from '../../../electron/bridge/index.ts';
import { Replay } from '../../../electron/host/replay.ts';
import type { WindowPort } from '../../../electron/host/window-port.ts';
import { openRecording } from '../../../electron/recording/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { REPLAY_LIMITS, SessionStore } from '../../../renderer/store/index.ts';
import { changedCopy, keptSamples, readBack, record } from '../recording/helpers.ts';

const SECONDS = 200;
const SIGNALS = signalsFromStacks(
  Array.from({ length: SECONDS }, (_, second) => `nginx;main;step_${second % 20} 3 @${second}`).join('\n'),
);

type ReplayView = Extract<SessionView, { kind: 'replay' }>;

class Window {
  readonly sent: PortToWindow[] = [];
  send(message: PortToWindow): void {
    this.sent.push(message);
  }
  sendSignals(signals: readonly Signal[]): Promise<void> {
    this.sent.push({ kind: 'signals', batch: 0, signals });
    return Promise.resolve();
  }
  get views(): ReplayView[] {
    return this.sent.flatMap((message) =>
      message.kind === 'state' && message.view.kind === 'replay' ? [message.view] : [],
    );
  }
  /** Of windows since the last time that something else was begun. */
  get kept(): number {
    const begin = this.sent.findLastIndex((message) => message.kind === 'refill' && message.phase === 'begins');
    return this.sent.slice(Math.max(0, begin)).reduce((sum, message) => {
      if (message.kind !== 'signals') return sum;
      return (
        sum + message.signals.reduce((all, signal) => all + (signal.kind === 'window' ? signal.counters.kept : 0), 0)
      );
    }, 0);
  }
}

async function make(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'a.sonde.mcap');
  await record(file, SIGNALS);
  return file;
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 500) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const LONG = { tidyFrom: 0, beginning: 0, whole: 0 };

test('a long one is put in order once, then shown whole and in ranges', async () => {
  const file = await make();
  const window = new Window();
  const replay = new Replay(file, window as unknown as WindowPort, LONG);
  await replay.run();
  expect(window.views.some(({ tidying }) => tidying)).toBe(true);
  const extent = { fromNs: 1000e9, toNs: (1000 + SECONDS) * 1e9 };
  expect(window.views.at(-1)).toMatchObject({
    complete: true,
    progress: 1,
    warning: null,
    extent,
    loaded: extent,
    tidying: false,
    importedFrom: null,
  });
  expect(window.kept).toBe(3 * SECONDS);
  const series = window.sent.find((message) => message.kind === 'series');
  expect(series?.series.find(({ id }) => id === 'samples')?.count).toBe(SECONDS);
  const before = window.sent.length;
  replay.show({ fromNs: 1050e9, toNs: 1060e9 });
  await until(() => window.sent.length > before && window.sent.at(-1)?.kind === 'state');
  const kinds = window.sent.slice(before).map((message) => message.kind);
  expect(kinds.filter((kind, i) => kind !== kinds[i - 1])).toEqual(['refill', 'signals', 'refill', 'state']);
  expect(window.kept).toBe(30);
  expect(window.views.at(-1)?.loaded).toEqual({ fromNs: 1050e9, toNs: 1060e9, stepNs: 0 });
  await replay.close();

  const again = new Window();
  const second = new Replay(file, again as unknown as WindowPort, LONG);
  await second.run();
  expect(again.views.some(({ tidying }) => tidying)).toBe(false);
  await second.close();
});

test('of ranges that were asked for in haste only the last is shown', async () => {
  const window = new Window();
  const replay = new Replay(await make(), window as unknown as WindowPort, LONG);
  await replay.run();
  for (let from = 1010; from <= 1090; from += 10) replay.show({ fromNs: from * 1e9, toNs: (from + 5) * 1e9 });
  await until(() => window.views.at(-1)?.loaded?.fromNs === 1090e9);
  expect(window.kept).toBe(15);
  expect(
    window.views.filter(({ loaded }) => loaded !== null && loaded.toNs - loaded.fromNs === 5e9).length,
  ).toBeLessThan(4);
  await replay.close();
});

test('a small one is read whole, in order or not', async () => {
  const file = await make();
  for (const limits of [
    { tidyFrom: Infinity, beginning: 0, whole: Infinity },
    { tidyFrom: 0, beginning: 500, whole: Infinity },
  ]) {
    const window = new Window();
    const replay = new Replay(file, window as unknown as WindowPort, limits);
    await replay.run();
    expect(window.views.at(-1)).toMatchObject({ complete: true, extent: null, loaded: null });
    expect(window.kept).toBe(3 * SECONDS);
    expect(window.sent.some(({ kind }) => kind === 'refill')).toBe(false);
    await replay.close();
  }
  const reader = await openRecording(file);
  expect(reader.info.tidied).toBe(true);
  await reader.close();
});

test('who does not want to wait for the order reads it as it is', async () => {
  const file = await make();
  const window = new Window();
  const replay = new Replay(file, window as unknown as WindowPort, LONG);
  const done = replay.run();
  await until(() => window.views.some(({ tidying }) => tidying));
  replay.stop();
  await done;
  expect(window.views.at(-1)).toMatchObject({ complete: true });
  expect(window.kept).toBe(3 * SECONDS);
  await replay.close();
});

/** A window's own store, as the messages come. */
class StoreWindow extends Window {
  readonly store = new SessionStore(REPLAY_LIMITS, {
    nowMs: () => performance.now(),
    hidden: () => true,
    request: () => () => undefined,
    onVisibility: () => () => undefined,
  });
  override send(message: PortToWindow): void {
    super.send(message);
    if (message.kind === 'series') this.store.setSeries(message.series);
    if (message.kind === 'refill') this.store.refill(message.phase);
  }
  override async sendSignals(signals: readonly Signal[]): Promise<void> {
    await super.sendSignals(signals);
    void this.store.ingest(signals);
  }
  get samples(): number {
    this.store.hurry();
    const { windowCounters, windowCount } = this.store.snapshots.getState().probes.get('cpu-profile')!.windows;
    return windowCounters.slice(0, windowCount).reduce((sum, { kept }) => sum + kept, 0);
  }
}

describe('of one that is not in order the beginning is shown at once, and then', () => {
  const BEGINNING = { tidyFrom: 0, beginning: 1000, whole: 0 };

  test('all of it, each sample once', async () => {
    const window = new StoreWindow();
    const replay = new Replay(await make(), window as unknown as WindowPort, BEGINNING);
    await replay.run();
    await until(() => window.samples === 3 * SECONDS);
    expect(window.views.at(-1)).toMatchObject({ complete: true, tidying: false, loaded: { toNs: 1200e9 } });
    await replay.close();
  });

  test('the rest of it, where it cannot be put in order', async () => {
    const file = await make();
    const length = (await stat(file)).size;
    const damaged = await changedCopy(file, (bytes) => bytes.fill(0xff, length >> 1, (length >> 1) + 40));
    const window = new StoreWindow();
    const replay = new Replay(damaged, window as unknown as WindowPort, BEGINNING);
    await replay.run();
    const whole = await readBack(damaged);
    await until(() => window.samples === keptSamples(whole.signals));
    expect(window.views.at(-1)).toMatchObject({ complete: true, loaded: null, warning: { code: 'bad-recording' } });
    await replay.close();
  });
});
