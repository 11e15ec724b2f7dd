// The view of system calls.
import { type Acts, calls, drag } from './act.ts';

export const CALLS: Acts = {
  calls: calls('live', async (page) => {
    await page.getByRole('grid', { name: 'System calls' }).waitFor();
  }),
  'calls-growing': calls('live-growing', async (page) => {
    await page.getByText(/calls in 40 s/).waitFor();
  }),
  'calls-row': calls('live', async (page) => {
    await page.getByRole('radio', { name: 'Log' }).click();
    await page.getByLabel('Previous range').check();
    await page.getByRole('row').filter({ hasText: 'writev' }).click();
    await page.getByRole('slider', { name: /Bucket/ }).hover();
  }),
  'calls-band': calls('live', async (page) => {
    await drag(page, '.calls-heat-plot', [0.3, 0.2], [0.7, 0.5]);
    await page.getByRole('button', { name: /Any latency/ }).waitFor();
  }),
  'calls-search': calls('live', async (page) => {
    await page.getByRole('radio', { name: 'Thread' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('mosq|modb');
  }),
  'calls-errors': calls('live', async (page) => page.getByRole('tab', { name: 'Errors' }).click()),
  'calls-help': calls('live', async (page) => page.getByRole('button', { name: '?' }).click()),
  'calls-losing': calls('live-losing', async (page) => page.getByRole('button', { name: /lost/ }).click()),
  'calls-process': {
    screen: 'live',
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Process' }).click();
      await page.getByRole('option', { name: /mosquitto/ }).click();
      await page.getByRole('button', { name: 'System calls →' }).click();
      await page.getByRole('grid', { name: 'System calls' }).waitFor();
    },
  },
  'calls-and-back': calls('live', async (page) => {
    await page.getByRole('row').filter({ hasText: 'recvfrom' }).click();
    await page.getByRole('button', { name: 'Its CPU profile →' }).click();
    await page.getByRole('combobox', { name: 'Process' }).waitFor();
  }),
  'calls-not-running': calls('live-profile-only'),
  'calls-start': calls('live-profile-only', async (page) =>
    page.getByRole('button', { name: 'With options…' }).click(),
  ),
  'calls-none': calls('replay-profile-only'),
  'calls-failed': calls('calls-failed'),
  'calls-replay': calls('replay'),
};
