/** A file of another profiler in a window. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { PortToWindow } from '../../../electron/bridge/index.ts';
import { startFile } from '../../../electron/host/import-job.ts';
import { WindowPort } from '../../../electron/host/window-port.ts';
import { temporaryFolder } from '../recording/helpers.ts';

function open(content: string) {
  const file = path.join(temporaryFolder(), 'perf.folded');
  writeFileSync(file, content);
  const sent: PortToWindow[] = [];
  const listeners = new Map<string, (message: { readonly data: unknown }) => void>();
  const port = new WindowPort(
    {
      postMessage: (message: PortToWindow) => {
        sent.push(message);
        const { kind } = message;
        if (kind === 'signals')
          setImmediate(() => listeners.get('message')?.({ data: { kind: 'ack', batch: message.batch } }));
      },
      on: (event, listener) => void listeners.set(event, listener),
      start: () => undefined,
      close: () => undefined,
    },
    { onMessage: () => undefined, onClose: () => undefined },
  );
  return { sent, job: startFile(file, port) };
}

const viewsOf = (sent: readonly PortToWindow[]) =>
  sent.flatMap((message) => (message.kind === 'state' ? [message.view] : []));

test('it is shown as a recording, exports come from it, and it is gone when it is closed', async () => {
  const { sent, job } = open('nginx;main 3\nsh;main 4\n');
  await expect.poll(() => viewsOf(sent).at(-1), { timeout: 15_000 }).toMatchObject({ kind: 'replay', complete: true });
  const windows = sent.flatMap((message) =>
    message.kind === 'signals' ? message.signals.filter(({ kind }) => kind === 'window') : [],
  );
  expect(windows).toMatchObject([{ probe: 'cpu-profile', counters: { kept: 7 } }]);
  const made = job.recordingFile ?? '';
  expect(path.basename(made)).toBe('perf.sonde.mcap');
  expect(existsSync(made)).toBe(true);
  await job.close();
  expect(existsSync(made)).toBe(false);
});

test('what is no profile says so', async () => {
  const { sent, job } = open('dear diary\n');
  await expect
    .poll(() => viewsOf(sent).at(-1), { timeout: 15_000 })
    .toMatchObject({ kind: 'ended', fault: { code: 'bad-recording', hint: expect.stringContaining('perf script') } });
  expect(job.recordingFile).toBeNull();
  await job.close();
});

test('closed at once, nothing is left of it', async () => {
  const { job } = open('nginx;main 3\n');
  await job.close();
  expect(job.recordingFile).toBeNull();
});
