/** A recording of this repository, replayed over a port. */
import path from 'node:path';
import { expect, test } from 'vitest';
import type { PortToWindow } from '../../../electron/bridge/index.ts';
import { startReplay } from '../../../electron/host/replay-job.ts';
import { type PortLike, WindowPort } from '../../../electron/host/window-port.ts';
import { openRecording } from '../../../electron/recording/index.ts';

const RECORDING = path.resolve('test/fixtures/recordings/v1.sonde.mcap');

/** A window that acknowledges while `awake`. */
class Window implements PortLike {
  awake = true;
  readonly sent: PortToWindow[] = [];
  readonly #listeners = new Map<string, (message: { readonly data: unknown }) => void>();

  postMessage(message: PortToWindow): void {
    this.sent.push(message);
    if (message.kind === 'signals' && this.awake) setImmediate(() => this.say({ kind: 'ack', batch: message.batch }));
  }
  on(event: 'message' | 'close', listener: (message: { readonly data: unknown }) => void): void {
    this.#listeners.set(event, listener);
  }
  say(data: unknown): void {
    this.#listeners.get('message')?.({ data });
  }
  start(): void {}
  close(): void {}

  get last(): PortToWindow | undefined {
    return this.sent.at(-1);
  }
}

const open = (file: string) => {
  const window = new Window();
  const port = new WindowPort(window, { onMessage: () => undefined, onClose: () => undefined });
  return { window, job: startReplay(file, port) };
};

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 500) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('every signal of the file arrives, and the last word is that all of it did', async () => {
  const { window, job } = open(RECORDING);
  await until(() => window.last?.kind === 'state' && window.last.view.kind === 'replay' && window.last.view.complete);
  expect(window.last).toMatchObject({ view: { file: RECORDING, progress: 1, warning: null } });
  const reader = await openRecording(RECORDING);
  let expected = 0;
  for await (const batch of reader.batches()) expected += batch.length;
  await reader.close();
  expect(window.sent.reduce((sum, message) => sum + (message.kind === 'signals' ? message.signals.length : 0), 0)).toBe(
    expected,
  );
  expect(job.recordingFile).toBe(RECORDING);
  await job.close();
});

test('a window that does not acknowledge is not told that it has everything', async () => {
  const { window, job } = open(RECORDING);
  window.awake = false;
  await until(() => window.sent.some(({ kind }) => kind === 'signals'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(
    window.sent.some((message) => message.kind === 'state' && message.view.kind === 'replay' && message.view.complete),
  ).toBe(false);
  for (const message of window.sent) if (message.kind === 'signals') window.say({ kind: 'ack', batch: message.batch });
  await until(() => window.last?.kind === 'state');
  await job.close();
});

test('a file that is none ends with words', async () => {
  const { window, job } = open('/nowhere/x.sonde.mcap');
  await until(() => window.sent.length > 0);
  expect(window.last).toMatchObject({ view: { kind: 'ended', fault: { code: 'file-io' }, recording: null } });
  await job.close();
});
