// The view of the network, and captures.
import type { Page } from 'playwright-core';
import { CAPTURES, type CaptureState } from '../captures.ts';
import { type Act, type Acts, still, within } from './act.ts';

/** The view of the network, then more. */
const network = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('tab', { name: 'Network flows' }).click();
    await then(page);
  },
});

const filtered = (text: string) => async (page: Page) => {
  await page.getByRole('combobox', { name: 'Filter of the flows' }).fill(text);
};

const captureOfFlow = async (page: Page) => {
  await page.getByRole('row').filter({ hasText: 'mqtt.cloud' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Capture/ }).click();
  await page.getByRole('dialog').waitFor();
};

/** What the session host would say of a capture. */
const showCapture = (page: Page, state: CaptureState) =>
  page.evaluate((view) => globalThis.window.stage?.desk.sources[0]?.showCapture(view), CAPTURES[state]);

export const NETWORK: Acts = {
  network: network('live', async (page) => {
    await page.getByRole('grid', { name: 'Flows' }).waitFor();
  }),
  'network-row': network('live', async (page) => {
    await page.getByRole('radio', { name: 'Remote', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'mqtt.cloud' }).click();
    await page.getByRole('slider', { name: 'Time in the throughput chart' }).hover();
  }),
  'network-filter': network('live', filtered('proc:mos')),
  'network-filter-wrong': network('live', async (page) => {
    await filtered('port:1883 rtt:>5xs state:estab ')(page);
    await page.keyboard.press('Escape');
  }),
  'network-nothing': network('live', async (page) => {
    await filtered('port:9999')(page);
    await page.keyboard.press('Enter');
  }),
  'network-columns': network('live', async (page) => page.getByRole('button', { name: 'Columns' }).click()),
  'network-help': network('live', async (page) => page.getByRole('button', { name: '?' }).click()),
  'network-own': network('live', async (page) => page.getByLabel(/own connection/).check()),
  'network-losing': network('live-losing'),
  'network-map': network('live', within('Map')),
  'network-map-pointed': network(
    'live',
    within('Map', async (page) => {
      await page.getByRole('application', { name: /Processes and whom/ }).focus();
      await page.keyboard.press('ArrowDown');
    }),
  ),
  'network-connections': network('live', within('Connections')),
  'network-dns': network('live', within('DNS')),
  'network-dns-names': network(
    'live',
    within('DNS', async (page) => page.getByRole('radio', { name: 'By name' }).click()),
  ),
  'network-drops': network('live', within('Drops')),
  'network-drops-start': network('live-flows-only', within('Drops')),
  'network-not-running': network('live-profile-only'),
  'network-none': network('replay-profile-only'),
  'network-replay': network('replay'),
  'network-menu': network('live', async (page) => {
    await page.getByRole('row').filter({ hasText: 'mqtt.cloud' }).click({ button: 'right' });
    await page.getByRole('menu').waitFor();
  }),
  'capture-dialog': network('live', captureOfFlow),
  'capture-refused': network('live', async (page) => {
    await captureOfFlow(page);
    await page.getByLabel('Filter', { exact: true }).fill('tcp prot 1883');
    await page.getByRole('button', { name: /^Choose a file/ }).click();
    await page.getByRole('button', { name: 'Starting…' }).waitFor();
    await showCapture(page, 'refused');
    await page
      .getByText(/syntax error/)
      .first()
      .waitFor();
  }),
  'capture-running': network('live', (page) => showCapture(page, 'running')),
  'capture-ended': network('live', async (page) => {
    await showCapture(page, 'ended');
    await page.getByRole('button', { name: 'Open in Wireshark' }).waitFor();
  }),
  'capture-failed': network('live', (page) => showCapture(page, 'failed')),
};
