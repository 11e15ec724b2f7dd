/** Single calls as they happen, in the real window on the real kernel: asked for, changed, followed, exported, stopped. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from '../device/box/boot.mjs';
import { type LiveWindow, openLiveWindow, PICTURE_MS, PICTURES } from './live-window.ts';

const FIFO = '/tmp/sonde-fifo';
/** Nobody writes to it until the test does; the shell holds it open, so that `cat` waits in read and not in open. */
const WAITING = `mkfifo ${FIFO}; setsid sh -c 'exec 9<>${FIFO}; cat <${FIFO} 9>&-' </dev/null >/dev/null 2>&1 &`;
const FAILING = "setsid sh -c 'while :; do cat /no/such/file; sleep 0.2; done' </dev/null >/dev/null 2>&1 &";
/** Twenty sleeps a second, made by a function of a known name. */
const SLEEPING =
  'setsid /opt/workload/calls --threads 1 --calls 90000 --sleeps 80000 --sleep-us 50000 </dev/null >/dev/null 2>&1 &';
const PATIENT = { timeout: PICTURE_MS };

let box: Box;
let live: LiveWindow;
let page: Page;

beforeAll(async () => {
  box = await bootBox({ variant: 'plain' });
  await box.ssh(`workload start diskwrite truth-fp; ${FAILING} ${SLEEPING}`);
  live = await openLiveWindow('live-events', box);
  ({ page } = live);
  await page.getByRole('tab', { name: 'System calls' }).click(PATIENT);
  await page.getByRole('tab', { name: 'As they happen' }).click();
});
afterAll(async () => {
  await live?.close();
  await box?.stop();
});
afterEach(() => expect(live.complaints).toEqual([]));

const passed = () => page.getByRole('grid', { name: 'Calls as they happen' });
const open = () => page.getByRole('grid', { name: 'Calls in progress' });
const details = () => page.getByRole('region', { name: 'Details of the call' });
const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const pidOf = async (program: string) => (await box.ssh(`pidof -s ${program}`)).stdout.trim();

/** By the names that stand in the form; what is not named is emptied. */
const FIELDS = ['Process id', 'Thread id', 'Calls', 'That took at least (ms)', 'At most (calls/s)'] as const;
type Conditions = Partial<Record<(typeof FIELDS)[number], string>> & { readonly stacks?: boolean };

async function ask(conditions: Conditions): Promise<void> {
  const change = page.getByRole('button', { name: /^(Change|Start)…$/ });
  if (await change.isVisible()) await change.click();
  for (const name of FIELDS) await field(name).fill(conditions[name] ?? '');
  await page.getByRole('checkbox', { name: 'User stacks' }).setChecked(conditions.stacks ?? false);
  await page.getByRole('button', { name: /^(Start|Restart with these)$/ }).click();
  await page.getByRole('button', { name: 'Stop showing' }).waitFor(PATIENT);
}

/** Texts of a column, of the rows in sight that match. */
const cells = async (grid: ReturnType<typeof passed>, row: RegExp, column: string) =>
  await grid
    .locator('.grid-body')
    .getByRole('row')
    .filter({ hasText: row })
    .locator(`.events-${column}`)
    .allInnerTexts();

test('what was asked for is shown, with arguments and what the descriptor is', async () => {
  const pid = await pidOf('diskwrite');
  await ask({ 'Process id': pid, Calls: 'pwrite64, fdatasync' });
  const written = /^pwrite64\(\d+<\/var\/tmp\/diskwrite\.dat>, 0x[0-9a-f]+, 65536, \d+\)$/;
  await expect.poll(() => cells(passed(), /pwrite64/, 'call'), PATIENT).toContainEqual(expect.stringMatching(written));
  expect(new Set(await cells(passed(), /pwrite64/, 'result'))).toEqual(new Set(['65536']));
  const synced = expect.stringMatching(/^fdatasync\(\d+<\/var\/tmp\/diskwrite\.dat>\)$/);
  await expect.poll(() => cells(passed(), /fdatasync/, 'call'), PATIENT).toContainEqual(synced);
  expect(new Set(await cells(passed(), /./, 'process'))).toEqual(new Set([`diskwrite (${pid})`]));
  await page.getByText(`pwrite64, fdatasync of diskwrite (${pid})`).waitFor();
});

test('other conditions take its place: a path that is not there, by whoever looks for it', async () => {
  await ask({ Calls: 'openat' });
  const missing = 'openat(AT_FDCWD, "/no/such/file", O_RDONLY)';
  await expect.poll(() => cells(passed(), /no\/such/, 'call'), PATIENT).toContain(missing);
  await expect
    .poll(async () => new Set(await cells(passed(), /no\/such/, 'result')), PATIENT)
    .toEqual(new Set(['ENOENT']));
  await passed().getByRole('row').filter({ hasText: 'no/such' }).last().click();
  await expect.poll(() => details().innerText(), PATIENT).toContain('-1 ENOENT (No such file or directory)');
  await page.screenshot({ path: `${PICTURES}/events-live.png` });
  await page.getByRole('button', { name: 'Close the details' }).click();
});

test('a call that has not returned is in progress until it does', async () => {
  await ask({ Calls: 'read', 'That took at least (ms)': '500' });
  // One that had begun before nobody knows the beginning of.
  await box.ssh(WAITING);
  const waiting = new RegExp(`^read\\(0<${FIFO}>, 0x[0-9a-f]+, \\d+\\)$`);
  const soFar = async () => Number.parseFloat((await cells(open(), /sonde-fifo/, 'duration'))[0] ?? '');
  await expect.poll(() => cells(open(), /sonde-fifo/, 'call'), PATIENT).toEqual([expect.stringMatching(waiting)]);
  const before = await open().innerText();
  await expect.poll(() => open().innerText(), PATIENT).not.toBe(before);
  expect(await soFar()).toBeGreaterThan(0);
  expect(await cells(open(), /sonde-fifo/, 'result')).toEqual(['']);
  expect((await box.ssh(`echo five > ${FIFO}`)).code).toBe(0);
  await expect.poll(() => cells(passed(), /sonde-fifo/, 'call'), PATIENT).toEqual([expect.stringMatching(waiting)]);
  expect(await cells(passed(), /sonde-fifo/, 'result')).toEqual(['5']);
});

test('more than were wanted are counted, and who made them is told on request', async () => {
  const pid = await pidOf('calls');
  await ask({ 'Process id': pid, Calls: 'clock_nanosleep', 'At most (calls/s)': '2', stacks: true });
  await page.getByText('matching calls were not kept: more than 2 a second').waitFor(PATIENT);
  await expect
    .poll(() => cells(passed(), /clock_nanosleep/, 'thread'), PATIENT)
    .toContainEqual(expect.stringMatching(/^calls-worker/));
  await passed().getByRole('row').filter({ hasText: 'clock_nanosleep' }).last().click();
  // libc's syscall() has no frame of its own: its caller is not in the chain, its caller's caller is.
  await expect
    .poll(() => details().getByRole('listitem').allInnerTexts(), PATIENT)
    .toContainEqual(expect.stringMatching(/^work\s*calls$/));
  await page.screenshot({ path: `${PICTURES}/events-stack-live.png` });
  await page.getByRole('button', { name: 'Close the details' }).click();
});

test('a filter that matches nobody says so, with what was looked at', async () => {
  await page.getByRole('radio', { name: '10 s' }).click();
  await ask({ 'Process id': '4194303' });
  await page.getByText(/^Nothing matched/).waitFor(PATIENT);
  await page.getByText(/^[\d\u202f]+ calls looked at in/).waitFor(PATIENT);
  await page.getByRole('radio', { name: 'All' }).click();
});

test('single calls go into a file', async () => {
  const file = path.join(live.folder, 'slow.csv');
  await live.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await page.getByRole('button', { name: 'Export…' }).click();
  const group = page.getByRole('group', { name: 'Slow and failing calls' });
  await group.getByRole('button', { name: /^CSV/ }).click();
  await page.getByRole('button', { name: 'Show in folder' }).waitFor(PATIENT);
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(head).toMatch(/^time,begun_ns,pid,/);
  expect(lines.filter((line) => line.includes('/no/such/file')).length).toBeGreaterThan(0);
  expect(lines.filter((line) => line.includes('pwrite64(')).length).toBeGreaterThan(0);
});

test('stopped, what was shown stays', async () => {
  const shown = await passed().getAttribute('aria-rowcount');
  await page.getByRole('button', { name: 'Stop showing' }).click();
  await page.getByRole('button', { name: 'Start…' }).waitFor(PATIENT);
  await page.getByText(/^Before: /).waitFor();
  expect(Number(await passed().getAttribute('aria-rowcount'))).toBeGreaterThanOrEqual(Number(shown));
});

test('one click from a process in the flame graph to its system calls, and back', async () => {
  await page.getByRole('tab', { name: 'CPU profile' }).click();
  await page.getByRole('tab', { name: 'Flame graph' }).click();
  await page.getByRole('searchbox', { name: /^Search functions/ }).fill('^truth-fp \\(', PATIENT);
  await page.getByRole('button', { name: 'Next match' }).click(PATIENT);
  await page.getByRole('application').focus();
  await page.keyboard.press('Shift+F10');
  const process = `truth-fp (${await pidOf('truth-fp')})`;
  await page
    .getByRole('menu', { name: process })
    .getByRole('menuitem', { name: 'System calls of this process' })
    .click();
  await page.getByRole('tab', { name: 'Calls', exact: true }).click();
  const chosen = page.getByRole('combobox', { name: 'Process' });
  expect(await chosen.inputValue()).toBe(process);
  const rows = page.getByRole('grid', { name: 'System calls' }).locator('.grid-body').getByRole('row');
  await expect.poll(() => rows.count(), PATIENT).toBeGreaterThan(0);
  for (const row of await rows.allInnerTexts()) expect(row).toContain(process);
  await page.getByRole('button', { name: 'CPU profile →' }).click();
  expect(await page.getByRole('tab', { selected: true }).first().innerText()).toBe('CPU profile');
  expect(await chosen.inputValue()).toBe(process);
});
