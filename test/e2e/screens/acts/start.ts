// Start, connecting, settings, leaving.
import { type Acts, look, open } from './act.ts';

export const START: Acts = {
  'start-first': look('start-first'),
  'start-recent': look('start-recent'),
  'start-fault': look('start-fault'),
  'start-options': {
    screen: 'start-recent',
    act: async (page) => {
      await page.locator('summary', { hasText: 'CPU profile' }).click();
      await page.getByRole('textbox', { name: 'Device' }).fill('mara@gateway 7');
      await page.getByRole('textbox', { name: /^Rate/ }).fill('20000');
      await page.getByRole('button', { name: 'Choose a key file' }).click();
      await page.getByRole('button', { name: 'Connect', exact: true }).click();
    },
  },
  connecting: look('connecting'),
  'host-key': look('host-key'),
  secret: look('secret'),
  'connect-failed': open('connect-failed', /^Copy/),
  welcome: look('welcome'),
  settings: look('settings'),
  'settings-rate-wrong': {
    screen: 'settings',
    act: (page) => page.getByRole('textbox', { name: 'Sampling rate (Hz)' }).fill('9 per s'),
  },
  'settings-keyring': {
    screen: 'settings-keyring',
    act: (page) => page.getByText('Sonde looks for no updates').scrollIntoViewIfNeeded(),
  },
  'settings-trouble': look('settings-trouble'),
  quit: look('quit'),
  'quit-refused': look('quit-refused'),
  'secret-remembered': {
    screen: 'secret-remembered',
    act: (page) => page.getByRole('checkbox', { name: 'Remember it on this computer' }).check(),
  },
};
