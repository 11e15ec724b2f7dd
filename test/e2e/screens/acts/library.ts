// The list of recordings.
import { type Acts, look } from './act.ts';

export const LIBRARY: Acts = {
  library: look('library'),
  'library-row': {
    screen: 'library',
    act: async (page) => {
      await page.getByRole('row').filter({ hasText: 'valve stuck' }).first().click();
    },
  },
  'library-bad': {
    screen: 'library',
    act: async (page) => {
      await page.getByRole('row').filter({ hasText: 'not an MCAP file' }).click();
    },
  },
  'library-note': {
    screen: 'library',
    act: async (page) => {
      await page.getByRole('row').filter({ hasText: 'valve stuck' }).first().click();
      await page.keyboard.press('n');
      await page.getByRole('dialog').waitFor();
    },
  },
  'library-nothing': {
    screen: 'library',
    act: async (page) => page.getByRole('searchbox', { name: 'Search recordings' }).fill('submarine'),
  },
  'library-clean-up': {
    screen: 'library',
    act: async (page) => {
      await page.getByRole('button', { name: /^Clean up/ }).click();
      await page.getByRole('textbox', { name: /days/ }).fill('7');
    },
  },
  'library-empty': look('library-empty'),
  'library-many': look('library-many'),
};
