// A recording: its summary, its ways out, its imports.
import type { Page } from 'playwright-core';
import { type Act, type Acts, drag, look, open, still } from './act.ts';

/** The page of a recording, then more. */
const summary = (screen: string, then: (page: Page) => Promise<void> = still): Act => ({
  screen,
  act: async (page) => {
    await page.getByRole('tab', { name: 'Summary' }).click();
    await page.getByRole('region', { name: 'Summary' }).waitFor();
    await then(page);
  },
});

export const RECORDINGS: Acts = {
  share: open('share', /^Share/),
  'share-part': {
    screen: 'share',
    act: async (page) => {
      await drag(page, '.brush', [0.3, 0.3], [0.55, 0.5]);
      await page.getByRole('button', { name: /^Share/ }).click();
      await page.getByRole('radio', { name: /^The selected range/ }).check();
    },
  },
  'share-choice': {
    screen: 'share',
    act: async (page) => {
      await page.getByRole('button', { name: /^Share/ }).click();
      await page.getByRole('radio', { name: 'Strict' }).click();
      await page.getByRole('checkbox', { name: 'Processes' }).uncheck();
    },
  },
  summary: summary('replay-marked', async (page) => page.getByText('What stands out').waitFor()),
  'summary-end': summary('replay-marked', async (page) => {
    await page.getByText('Flows that had to send most again').waitFor();
    await page.getByRole('region', { name: 'Summary' }).press('End');
  }),
  'summary-range': summary('replay-marked', async (page) => {
    await page
      .getByRole('button', { name: /broker under load|14:\d\d:\d\d, 1 min/ })
      .first()
      .waitFor();
    await drag(page, '.brush', [0.3, 0.3], [0.55, 0.5]);
    await page.getByText(/^The selected range/).waitFor();
  }),
  'summary-short': summary('replay-short', async (page) => page.getByText('Nothing was lost.').waitFor()),
  'summary-gone': summary('replay-gone', async (page) => page.getByRole('alert').waitFor()),
  'summary-reading': summary('replay'),
  'replay-imported': look('replay-imported'),
  'replay-exporting': {
    screen: 'replay',
    act: (page) =>
      page.evaluate(() => {
        const screen = globalThis.window.stage?.controller.state.getState().screen;
        if (screen?.kind === 'session') screen.session.state.setState({ exporting: true });
      }),
  },
  'replay-export-several': {
    screen: 'replay',
    act: async (page) => {
      await drag(page, '.brush', [0.1, 0.3], [0.25, 0.5]);
      await page.keyboard.down('Control');
      await drag(page, '.brush', [0.5, 0.3], [0.6, 0.5]);
      await page.keyboard.up('Control');
      await page.getByRole('button', { name: /Export/ }).click();
    },
  },
  replay: look('replay'),
  'replay-reading': look('replay-reading'),
  'replay-tidying': look('replay-tidying'),
  'replay-export': open('replay', /Export/),
  exported: look('exported'),
};
