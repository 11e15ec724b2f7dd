/** Sessions of the built application, as processes: begun once, and never outliving whoever wanted them. */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SondeBridge } from '../../electron/bridge/contract.ts';
import { openStage, type Stage } from './application.ts';
import { isAlive, sessionHosts, until } from './session-hosts.ts';

declare const sonde: SondeBridge;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

describe('a session', () => {
  let silent: Server;
  let destination: string;
  beforeAll(async () => {
    // Accepts and never says a word: whoever connects goes on connecting.
    silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    destination = `root@127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(() => silent.close());

  const connect = (page: Page) =>
    page.evaluate(
      (to) =>
        sonde.request('connect', {
          destination: to,
          identityFiles: [],
          knownHostsFile: null,
          probes: [{ probe: 'cpu-profile', options: {} }],
        }),
      destination,
    );

  test('to a device is not begun twice while the first attempt runs', async () => {
    const opened = await stage.launch();
    const answers = await Promise.all([connect(opened.page), connect(opened.page)]);
    expect(answers[0]).toMatchObject({ ok: true });
    expect(answers[1]).toMatchObject({ ok: false, fault: { message: expect.stringContaining('being made already') } });
    await until('one host runs', async () => (await sessionHosts(opened.app)).length === 1);
    await opened.close();
  });

  test('can be begun again once it was closed', async () => {
    const opened = await stage.launch();
    const first = await connect(opened.page);
    if (!first.ok) throw new Error(first.fault.message);
    await opened.page.evaluate((id) => sonde.request('close-session', id), first.value.sessionId);
    await until('the host is gone', async () => (await sessionHosts(opened.app)).length === 0);
    expect(await connect(opened.page)).toMatchObject({ ok: true });
    await opened.close();
  });

  test('ends when the page lets go of its port', async () => {
    const opened = await stage.launch();
    await opened.page.evaluate(() => {
      window.addEventListener('message', ({ ports: [port] }) => setTimeout(() => port?.close(), 200));
    });
    expect(await connect(opened.page)).toMatchObject({ ok: true });
    await until('the host is gone', async () => (await sessionHosts(opened.app)).length === 0);
    await opened.close();
  });

  test('from the command line is begun at once and ends with the window, leaving no process', async () => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await sessionHosts(opened.app)).length === 1);
    const pids = [...(await sessionHosts(opened.app)), opened.app.process().pid ?? 0];
    await opened.close();
    await until('all processes are gone', () => !pids.some(isAlive));
  });

  test('whose host process dies says so, and the application lives on', async () => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await sessionHosts(opened.app)).length === 1);
    const [pid = 0] = await sessionHosts(opened.app);
    process.kill(pid, 'SIGKILL');
    await opened.page
      .getByText(/ended unexpectedly/)
      .first()
      .waitFor({ timeout: 120_000 });
    expect(await connect(opened.page)).toMatchObject({ ok: true });
    await opened.close();
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends in order when main gets %s', async (signal) => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await sessionHosts(opened.app)).length === 1);
    const pids = [...(await sessionHosts(opened.app)), opened.app.process().pid ?? 0];
    const exit = new Promise((resolve) => opened.app.process().once('exit', resolve));
    opened.app.process().kill(signal);
    expect(await exit).toBe(0);
    await until('all processes are gone', () => !pids.some(isAlive));
    expect(existsSync(path.join(opened.userData, 'window.json')), 'the window was closed, not killed').toBe(true);
  });

  test('ends with the page that showed it: a crashed page is loaded again', async () => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await sessionHosts(opened.app)).length === 1);
    await opened.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await until('the host is gone', async () => (await sessionHosts(opened.app)).length === 0);
    const shown = () =>
      opened.app.evaluate(({ BrowserWindow }) => {
        const page = BrowserWindow.getAllWindows()[0]?.webContents;
        return page?.isCrashed() === false && page.getURL();
      });
    await until('the page is back', async () => (await shown()) === 'sonde://app/index.html');
    await opened.close();
  });

  test('does not outlive main, however main ends', async () => {
    const opened = await stage.launch([`--connect=${destination}`]);
    await until('a session host runs', async () => (await sessionHosts(opened.app)).length === 1);
    const pids = await sessionHosts(opened.app);
    opened.app.process().kill('SIGKILL');
    await until('the host is gone', () => !pids.some(isAlive));
  });
});
