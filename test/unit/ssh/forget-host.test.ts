/** Forgetting on a real disk, with an SSH configuration of the test's own. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetHostKeys } from '../../../electron/ssh/index.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1uGC+HVQIfOTIH2yHRXxWxWm6FbLXRN0yvDlkT4o8E';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'sonde-forget-'));
  mkdirSync(path.join(home, '.ssh'));
  write('system', '');
  write('.ssh/config', 'Host gate\n  HostName 192.0.2.7\n  Port 2222\n');
});
afterEach(() => rmSync(home, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(path.join(home, name), text);
const read = (name: string) => readFileSync(path.join(home, name), 'utf8');
const forget = (destination: string) =>
  forgetHostKeys({
    destination,
    identityFiles: [],
    knownHostsFile: null,
    places: {
      home,
      user: 'mara',
      configFile: path.join(home, '.ssh/config'),
      systemConfigFile: path.join(home, 'none'),
      systemKnownHostsFile: path.join(home, 'system'),
      agentSocket: '',
    },
  });

test('a name of the configuration leads to the key of the host it stands for', async () => {
  write('.ssh/known_hosts', `[192.0.2.7]:2222 ${KEY}\n192.0.2.7 ${KEY}\n`);
  expect(await forget('root@gate')).toEqual({ removed: 1, stayed: [] });
  expect(read('.ssh/known_hosts')).toBe(`192.0.2.7 ${KEY}\n`);
});

test('the file keeps its rights, and a link to it leads there still', async () => {
  write('kept-elsewhere', `box ${KEY}\n`);
  chmodSync(path.join(home, 'kept-elsewhere'), 0o640);
  symlinkSync('../kept-elsewhere', path.join(home, '.ssh/known_hosts'));
  expect(await forget('box')).toEqual({ removed: 1, stayed: [] });
  expect(read('kept-elsewhere')).toBe('');
  expect(statSync(path.join(home, 'kept-elsewhere')).mode & 0o777).toBe(0o640);
});

test('the system’s file is not touched: what it says is told', async () => {
  write('system', `# of all users\nbox ${KEY}\n`);
  expect(await forget('box')).toEqual({ removed: 0, stayed: [`${path.join(home, 'system')}:2`] });
  expect(read('system')).toContain(`box ${KEY}`);
});

test('where nothing is kept there is nothing to forget', async () => {
  expect(await forget('box')).toEqual({ removed: 0, stayed: [] });
});
