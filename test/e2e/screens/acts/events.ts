// Single system calls, as they happen.
import type { Page } from 'playwright-core';
import { type Act, type Acts, calls, look, still } from './act.ts';

/** Single calls, as they happen, then more. */
const events = (screen: string, then: (page: Page) => Promise<void> = still): Act =>
  calls(screen, async (page) => {
    await page.getByRole('tab', { name: 'As they happen' }).click();
    await then(page);
  });

export const EVENTS: Acts = {
  events: events('live-events'),
  'events-details': events('live-events', async (page) => {
    await page.getByRole('row').filter({ hasText: 'ECONNREFUSED' }).last().click();
    await page.getByRole('region', { name: 'Details of the call' }).waitFor();
  }),
  'events-change': events('live-events', async (page) => {
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByRole('radio', { name: 'This error' }).click();
  }),
  'events-losing': events('live-events-losing'),
  'events-quiet': events('live-events-quiet'),
  'events-start': calls('live', async (page) => {
    await page.getByRole('row').filter({ hasText: 'connect' }).click();
    await page.getByRole('tab', { name: 'As they happen' }).click();
    await page.getByRole('button', { name: 'This call: connect' }).click();
  }),
  'events-none': events('replay'),
  'events-replay': look('replay-events-only'),
};
