import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FLIGHTS } from './screens/flights.ts';
import { PATIENT, useScreens } from './screens/harness.ts';

const screens = useScreens('recorder');
let page: Page;

beforeAll(() => {
  ({ page } = screens);
});
beforeEach(async () => {
  await screens.show('live');
  await tell('quiet');
});

const tell = (state: keyof typeof FLIGHTS) =>
  page.evaluate((view) => globalThis.window.stage?.desk.sources[0]?.showFlight(view), FLIGHTS[state]);
const open = () => page.getByRole('button', { name: /^Recorder/ }).click();
const panel = () => page.getByRole('group', { name: 'Flight recorder' });

describe('the flight recorder', () => {
  test('keeps what just happened with a key and with a button, and says where', async () => {
    await screens.press('Shift+K');
    await open();
    await panel().getByRole('button', { name: 'Last 2 min' }).click();
    expect((await screens.source())?.keptSeconds).toEqual([60, 120]);
    await tell('full');
    await page.getByText('kept 45 s in gateway-7-20260503-180412.sonde.mcap').first().waitFor(PATIENT);
    await panel().getByRole('button', { name: 'Show in folder' }).first().click();
    expect(await screens.asked('show-in-folder')).toMatchObject([
      { args: ['/home/mara/Documents/Sonde/gateway-7-20260503-180412.sonde.mcap'] },
    ]);
  });

  test('a K that is typed keeps nothing, and neither does one without Shift', async () => {
    await page.getByRole('searchbox').first().fill('');
    await page.keyboard.type('Kk');
    await page.mouse.click(500, 5);
    await screens.press('k');
    expect((await screens.source())?.keptSeconds).toEqual([]);
  });

  test('looks for triggers, in one way to write them, and refuses what is none', async () => {
    await open();
    const field = panel().getByRole('combobox', { name: /^When this happens/ });
    await field.fill('cpu > 80 % for 5s');
    await screens.press('Enter');
    await field.fill('loss');
    await screens.press('Enter');
    await field.fill('loss');
    await screens.press('Enter');
    await panel().getByText('It is looked for already.').waitFor(PATIENT);
    await field.fill('memory<5');
    await screens.press('Enter');
    await panel()
      .getByText(/^Write memory<SIZE/)
      .waitFor(PATIENT);
    await panel()
      .getByRole('checkbox', { name: /^Save 30 s before/ })
      .click();
    expect((await screens.source())?.flight).toMatchObject({
      triggers: ['cpu>80% for 5s', 'loss'],
      keepsTriggered: false,
    });
    await panel().getByRole('button', { name: 'Remove loss' }).click();
    expect((await screens.source())?.flight.triggers).toEqual(['cpu>80% for 5s']);
  });

  test('lets the device record by itself, all or around its triggers', async () => {
    await tell('full');
    await open();
    await panel().getByRole('textbox', { name: 'For (hours)' }).fill('0.5');
    await panel().getByRole('textbox', { name: 'At most (MB)' }).fill('0');
    await panel().getByRole('button', { name: 'Start' }).click();
    await panel()
      .getByText(/^From 1 to/)
      .waitFor(PATIENT);
    expect((await screens.source())?.unattended).toEqual([]);
    await panel().getByRole('textbox', { name: 'At most (MB)' }).fill('20');
    await panel()
      .getByRole('checkbox', { name: /^Only 30 s before/ })
      .click();
    await panel().getByRole('button', { name: 'Start' }).click();
    expect((await screens.source())?.unattended).toMatchObject([
      { forS: 1800, maxBytes: 20e6, triggers: FLIGHTS.full.triggers, beforeS: 30, afterS: 30 },
    ]);
  });

  test('a recording that waits is fetched, left or deleted', async () => {
    await tell('waiting');
    const [recording] = FLIGHTS.waiting.waiting;
    await page.getByText('A recording of its own waits on the device').waitFor(PATIENT);
    await page.getByRole('button', { name: 'Fetch' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    const source = await screens.source();
    expect([source?.fetched, source?.deleted]).toEqual([[recording.id], [recording.id]]);
    await page.getByRole('button', { name: 'Leave' }).click();
    expect(await page.getByText('A recording of its own waits on the device').count()).toBe(0);
  });
});
