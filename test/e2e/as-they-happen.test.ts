/** Single calls as they happen: asking for them, following them, and looking at one, on a made-up box. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATIENT, useScreens } from './screens/harness.ts';

const screens = useScreens('events');
const { press, selection, source } = screens;
let page: Page;

beforeAll(() => {
  ({ page } = screens);
});

async function show(screen: string): Promise<void> {
  await screens.show(screen);
  await page.keyboard.press('Control+2');
  await page.getByRole('tab', { name: 'As they happen' }).click();
}

const passed = () => page.getByRole('grid', { name: 'Calls as they happen' });
const open = () => page.getByRole('grid', { name: 'Calls in progress' });
const details = () => page.getByRole('region', { name: 'Details of the call' });
const asked = async () => {
  const { started, stopped } = (await source()) ?? {};
  return { started, stopped };
};
const fromEnd = () => passed().evaluate((grid) => grid.scrollHeight - grid.scrollTop - grid.clientHeight);
const scrollTo = (top: number) => passed().evaluate((grid, px) => grid.scrollTo({ top: px }), top);
const firstInSight = () =>
  passed().evaluate((grid) => {
    const head = grid.getBoundingClientRect().top + 24;
    const rows = [...grid.querySelectorAll('.grid-body [role=row]')];
    return rows.find((row) => row.getBoundingClientRect().bottom > head + 1)?.textContent ?? '';
  });

describe('asking for calls', () => {
  test('a preset and a press start them; what is wrong is said and not sent', async () => {
    await show('live');
    await page.getByRole('button', { name: 'Failing', exact: true }).click();
    const pid = page.getByRole('textbox', { name: 'Process id' });
    await pid.fill('mosquitto');
    await press('Enter');
    await page.getByText('Must be a whole number').waitFor();
    expect((await asked()).started).toEqual([]);
    await pid.fill('412');
    await press('Enter');
    const options = { pid: '412', 'min-us': '0', errno: 'any' };
    expect((await asked()).started).toEqual([{ probe: 'slow-syscalls', options }]);
    await page.getByText('Waiting for the first calls…').waitFor();
  });

  test('a thread, a container and a bound for memory can be asked for; a change begins with them', async () => {
    await show('live');
    const fields = { 'Thread id': '413', 'Container or cgroup': '/system.slice/mosquitto.service' } as const;
    for (const [name, text] of Object.entries(fields)) await page.getByRole('textbox', { name }).fill(text);
    await page.getByRole('textbox', { name: 'Kernel memory (MB)' }).fill('8');
    await press('Enter');
    const options = { tid: '413', cgroup: fields['Container or cgroup'], 'min-us': '10000', 'map-mb': '8' };
    expect((await asked()).started).toEqual([{ probe: 'slow-syscalls', options }]);
    await page.evaluate(
      (what) => {
        const signal = { kind: 'probe' as const, probe: 'slow-syscalls', atNs: 1, what };
        return globalThis.window.stage?.desk.sources[0]?.push([signal]);
      },
      { kind: 'started' as const, options, mapBytes: 1, cpus: 4 },
    );
    await page.getByRole('button', { name: 'Change…' }).click();
    for (const [name, text] of Object.entries(fields))
      expect(await page.getByRole('textbox', { name }).inputValue()).toBe(text);
  });

  test('the process of the shared filter stands in the form', async () => {
    await show('live');
    await page.getByRole('combobox', { name: 'Process' }).click();
    await page.getByRole('option', { name: /mosquitto/ }).click();
    await page.getByRole('tab', { name: 'Errors' }).click();
    await page.getByRole('tab', { name: 'As they happen' }).click();
    expect(await page.getByRole('textbox', { name: 'Process id' }).inputValue()).toBe('101');
  });

  test('what runs is said in words, changed by a restart, and stopped', async () => {
    await show('live-events');
    await page.getByText('Calls that took 10 ms or longer, without those that only wait', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByRole('textbox', { name: 'Calls', exact: true }).fill('fsync');
    await page.getByRole('button', { name: 'Restart with these' }).click();
    const options = { calls: 'fsync', 'min-us': '10000', stacks: '1', 'per-second': '200', 'map-mb': '16' };
    expect(await asked()).toEqual({ started: [{ probe: 'slow-syscalls', options }], stopped: ['slow-syscalls'] });
    await page.getByRole('button', { name: 'Starting…' }).waitFor();
    await page.evaluate(() => {
      const what = { kind: 'started' as const, options: { calls: 'fsync' }, mapBytes: 1, cpus: 4 };
      return globalThis.window.stage?.desk.sources[0]?.push([{ kind: 'probe', probe: 'slow-syscalls', atNs: 1, what }]);
    });
    await page.getByText('fsync that took 10 ms or longer').waitFor();
    await page.getByRole('button', { name: 'Stop showing' }).click();
    expect((await asked()).stopped).toEqual(['slow-syscalls', 'slow-syscalls']);
  });

  test('nothing matched yet, with how many were looked at; and a recording without single calls', async () => {
    await show('live-events-quiet');
    await page.getByText(/^[\d\u202f]+ calls looked at in/).waitFor();
    await show('replay');
    await page.getByText('No single calls were recorded').waitFor();
    expect(await page.getByRole('button', { name: 'Start', exact: true }).count()).toBe(0);
  });

  test('where only single calls were recorded they are what is shown', async () => {
    await screens.show('replay-events-only');
    await passed().getByRole('row').nth(1).waitFor();
    expect(await page.getByRole('tab', { selected: true }).allInnerTexts()).toEqual(['System calls', 'As they happen']);
    await page.getByRole('combobox', { name: 'Process' }).click();
    await page.getByRole('option', { name: /modbusd/ }).waitFor();
  });

  test('what was not kept is said', async () => {
    await show('live-events-losing');
    await page.getByText('1\u202f240 matching calls were not kept: more than 200 a second').waitFor();
  });
});

describe('the list', () => {
  test('calls in progress are above it, one line each', async () => {
    await show('live-events');
    const lines = await open().locator('.grid-body').getByRole('row').allInnerTexts();
    expect(lines.map((line) => line.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/flock\(9<\/run\/lock\/gateway.lock>.* 2 min \d\d s$/),
      expect.stringMatching(/read\(5<\/dev\/ttyUSB1>.* s$/),
    ]);
  });

  test('follows the newest, stands still once scrolled, and follows again', async () => {
    await show('live-events-growing');
    await page.getByRole('radio', { name: 'All' }).click();
    await expect.poll(fromEnd, PATIENT).toBeLessThan(2);
    await expect.poll(() => passed().getAttribute('aria-rowcount').then(Number), PATIENT).toBeGreaterThan(60);
    await expect.poll(fromEnd, PATIENT).toBeLessThan(2);
    await scrollTo(240);
    await page.getByRole('button', { name: 'Follow the newest' }).waitFor();
    const [before, count] = [await firstInSight(), Number(await passed().getAttribute('aria-rowcount'))];
    await expect.poll(() => passed().getAttribute('aria-rowcount').then(Number), PATIENT).toBeGreaterThan(count + 5);
    expect(await firstInSight()).toBe(before);
    await page.getByRole('button', { name: 'Follow the newest' }).click();
    await expect.poll(fromEnd, PATIENT).toBeLessThan(2);
  });

  test('sorted by duration, longest first, and back', async () => {
    await show('live-events');
    await passed().getByRole('button', { name: 'Duration' }).click();
    const durations = () => passed().locator('.grid-body .events-duration').allInnerTexts();
    await expect.poll(async () => (await durations())[0], PATIENT).toMatch(/^> 4\d\.\d s$/);
    await passed().getByRole('button', { name: 'Returned' }).click();
    await expect.poll(async () => (await durations())[0], PATIENT).not.toMatch(/^>/);
  });

  test('search narrows both lists', async () => {
    await show('live-events');
    await press('/');
    await page.keyboard.type('ECONNREFUSED');
    await expect.poll(() => open().count(), PATIENT).toBe(0);
    const calls = await passed().locator('.grid-body .events-call').allInnerTexts();
    expect(calls.length).toBeGreaterThan(3);
    for (const call of calls) expect(call).toMatch(/^connect\(11<socket:\[20113\]>/);
  });

  test('what matches nothing says so, and everything is one press away', async () => {
    await show('live-events');
    await press('/');
    await page.keyboard.type('no such call');
    await page.getByText('No call matches this filter').waitFor();
    await page.getByText(/^[\d\u202f]+ others are in the range/).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await passed().locator('.grid-body').getByRole('row').first().waitFor();
  });

  test('goes into a file', async () => {
    await show('live-events');
    await page.getByRole('button', { name: 'Export…' }).click();
    const group = page.getByRole('group', { name: 'Slow and failing calls' });
    await group.getByRole('button', { name: /^CSV/ }).click();
    await page.getByRole('button', { name: 'Show in folder' }).waitFor();
    const [file, order] = await page.evaluate(() => {
      const { desk } = globalThis.window.stage ?? {};
      return [
        desk?.asked.find(({ name }) => name === 'choose-export-file')?.args,
        desk?.sources[0]?.exports[0],
      ] as const;
    });
    expect(file).toEqual([expect.stringMatching(/ slow\.csv$/), 'csv']);
    expect(order).toMatchObject({ format: 'csv', table: 'slow', ranges: [] });
  });

  test('the shared filter applies', async () => {
    await show('live-events');
    await page.getByRole('combobox', { name: 'Process' }).click();
    await page.getByRole('option', { name: /modbusd/ }).click();
    await expect.poll(() => open().locator('.grid-body').getByRole('row').count(), PATIENT).toBe(1);
    for (const process of await passed().locator('.grid-body .events-process').allInnerTexts())
      expect(process).toMatch(/^modbusd/);
  });
});

describe('one call', () => {
  test('by keys: arrows choose it, its details follow, C copies, P filters, Esc closes', async () => {
    await show('live-events');
    await passed().focus();
    await press('End', 'ArrowUp', 'ArrowUp');
    const call = await passed().locator('[aria-selected=true] .events-call').innerText();
    await expect.poll(() => details().locator('.event-call').innerText(), PATIENT).toBe(call);
    await press('c');
    const copied = await page.evaluate(() => {
      const requests = globalThis.window.stage?.desk.asked;
      return requests?.findLast(({ name }) => name === 'copy-text')?.args[0];
    });
    expect(copied).toContain(`${call} = `);
    await press('p');
    expect((await selection())?.process).toBeGreaterThan(0);
    await press('Escape');
    expect(await details().count()).toBe(0);
  });

  test('its error, its file and the stack that made it', async () => {
    await show('live-events');
    await passed().getByRole('row').filter({ hasText: 'ECONNREFUSED' }).last().click();
    await expect.poll(() => details().innerText(), PATIENT).toMatch(/-1 ECONNREFUSED \(Connection refused\)/);
    expect(await details().innerText()).toContain('socket:[20113]');
    expect(await details().getByRole('listitem').count()).toBeGreaterThan(3);
  });

  test('leads to the profile of its process', async () => {
    await show('live-events');
    await passed().getByRole('row').filter({ hasText: 'ttyAMA0' }).last().click();
    await details().getByRole('button', { name: 'Its CPU profile →' }).click();
    expect(await page.getByRole('tab', { selected: true }).first().innerText()).toBe('CPU profile');
    expect((await selection())?.process).toBeGreaterThan(0);
  });
});
