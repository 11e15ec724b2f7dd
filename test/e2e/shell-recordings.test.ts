/** Recordings in the built application: opened, refused, exported, listed. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SondeBridge } from '../../electron/bridge/contract.ts';
import { type Application, openStage, type Stage } from './application.ts';

declare const sonde: SondeBridge;

const RECORDING = path.resolve('test/fixtures/recordings/v1.sonde.mcap');

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe('a recording', () => {
  test('named on the command line is replayed, and can be exported where the user said and nowhere else', async () => {
    const opened = await stage.launch([RECORDING]);
    const chosen = path.join(opened.userData, 'chosen.folded');
    const [granted, refused] = await exportTwice(opened, chosen, path.join(opened.userData, 'not-chosen.folded'));
    expect(granted).toMatchObject({ fault: null });
    expect(readFileSync(chosen, 'utf8').length).toBeGreaterThan(0);
    expect(refused).toMatchObject({ fault: { code: 'file-io', message: expect.stringContaining('was not chosen') } });
    expect(existsSync(path.join(opened.userData, 'not-chosen.folded'))).toBe(false);
    await opened.close();
  });

  test('that comes with Sonde is replayed to its end', async () => {
    const opened = await stage.launch();
    const views = await replay(opened.page, 'sample');
    expect(views.at(-1)).toMatchObject({ kind: 'replay', complete: true, progress: 1, warning: null });
    await opened.close();
  });

  test('that is none is refused in words', async () => {
    const opened = await stage.launch();
    const file = path.join(opened.userData, 'shopping-list.txt');
    writeFileSync(file, 'milk, bread');
    const views = await replay(opened.page, file);
    expect(views.at(-1)).toMatchObject({ kind: 'ended', fault: { code: 'bad-recording' } });
    await opened.close();
  });

  test('in the folder of recordings is listed', async () => {
    const opened = await stage.launch();
    const folder = path.join(opened.userData, 'recordings');
    mkdirSync(folder);
    copyFileSync(RECORDING, path.join(folder, 'edge-7-20250102-030405.sonde.mcap'));
    const answer = await opened.page.evaluate(() => sonde.request('recent-recordings'));
    expect(answer).toMatchObject({ ok: true, value: [{ hostname: 'edge-7' }] });
    await opened.close();
  });
});

/** Opens a recording beside the page's own sessions, acknowledges everything, returns all views until it is complete or ended. */
function replay(page: Page, file: string): Promise<{ kind: string }[]> {
  return page.evaluate(
    (name) =>
      new Promise<{ kind: string }[]>((resolve) => {
        const views: { kind: string; complete?: boolean }[] = [];
        window.addEventListener('message', ({ data, ports: [port] }) => {
          if (data?.kind !== 'sonde:session-port' || !port) return;
          port.onmessage = ({ data: message }) => {
            if (message.kind === 'signals') port.postMessage({ kind: 'ack', batch: message.batch });
            if (message.kind !== 'state') return;
            views.push(message.view);
            if (message.view.kind === 'ended' || message.view.complete) resolve(views);
          };
        });
        void sonde.request('open-recording', name);
      }),
    file,
  );
}

/** Over a port of its own: an export to the file that the (answered for the user) dialog chose, and to one it did not. */
async function exportTwice({ app, page }: Application, chosen: string, other: string): Promise<unknown[]> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, chosen);
  return page.evaluate(
    async ([recording, first, second]) => {
      const port = await new Promise<MessagePort>((resolve) => {
        window.addEventListener('message', ({ data, ports: [given] }) => {
          if (data?.kind === 'sonde:session-port' && given) resolve(given);
        });
        void sonde.request('open-recording', recording ?? null);
      });
      await sonde.request('choose-export-file', 'x.folded', 'folded');
      const outcomes: unknown[] = [];
      await new Promise<void>((resolve) => {
        port.onmessage = ({ data: message }) => {
          if (message.kind === 'signals') port.postMessage({ kind: 'ack', batch: message.batch });
          if (message.kind === 'exported' && outcomes.push(message) === 2) resolve();
        };
        for (const [request, file] of [first, second].entries())
          port.postMessage({ kind: 'export', request, format: 'folded', table: null, file, ranges: [] });
      });
      return outcomes;
    },
    [RECORDING, chosen, other] as const,
  );
}
