// What is kept beside the recording.
import type { Page } from 'playwright-core';
import { FLIGHTS } from '../flights.ts';
import { type Act, type Acts, still } from './act.ts';

/** What the session host would say of what is kept beside the recording. */
const showFlight = (page: Page, state: keyof typeof FLIGHTS) =>
  page.evaluate((view) => globalThis.window.stage?.desk.sources[0]?.showFlight(view), FLIGHTS[state]);

/** The panel of the flight recorder, then more. */
const recorder = (state: keyof typeof FLIGHTS, then: (page: Page) => Promise<void> = still): Act => ({
  screen: 'live',
  act: async (page) => {
    await showFlight(page, state);
    await page.getByRole('button', { name: /^Recorder/ }).click();
    await then(page);
  },
});

export const RECORDER: Acts = {
  'recorder-quiet': recorder('quiet'),
  'recorder-full': recorder('full'),
  'recorder-refused': recorder('quiet', async (page) => {
    await page.getByRole('combobox', { name: /^When this happens/ }).fill('cpu>800%');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
  }),
  'recorder-waiting': { screen: 'live', act: (page) => showFlight(page, 'waiting') },
  'recorder-left': { screen: 'live', act: (page) => showFlight(page, 'left') },
  'recorder-fetching': { screen: 'live', act: (page) => showFlight(page, 'fetching') },
};
