import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diagnostics, withoutNames } from '../../../electron/shell/diagnostics.ts';
import { LogFile } from '../../../electron/shell/log-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sonde-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was added is there at the next start, newest last', () => {
  new LogFile(folder).add('one', new Date(0));
  new LogFile(folder).add('two', new Date(1000));
  expect(new LogFile(folder).last(5)).toEqual(['1970-01-01T00:00:00.000Z one', '1970-01-01T00:00:01.000Z two']);
  expect(new LogFile(folder).last(1)).toHaveLength(1);
});

test('it stays small, keeps the newest, and is nobody else’s', () => {
  const log = new LogFile(path.join(folder, 'logs'));
  for (let i = 0; i < 300; i++) log.add(`${i} ${'x'.repeat(20_000)}`);
  const files = readdirSync(path.join(folder, 'logs')).map((name) => statSync(path.join(folder, 'logs', name)));
  expect(files).toHaveLength(3);
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(1 << 20);
  expect(files.every(({ mode }) => (mode & 0o077) === 0)).toBe(true);
  expect(log.last(1)[0]).toMatch(/Z 299 x/);
});

test('a disk that refuses costs the line and nothing else', () => {
  const file = path.join(folder, 'in-the-way');
  writeFileSync(file, '');
  const log = new LogFile(file);
  expect(() => log.add('lost')).not.toThrow();
  expect(log.last(3)).toEqual([]);
});

test.each([
  ['cannot remember root@192.0.2.7:2222: full', 'cannot remember USER@HOST: full'],
  ['open /home/ada/.config/Sonde/x of ada', 'open ~/.config/Sonde/x of USER'],
  ['no route to 192.0.2.7.', 'no route to ADDRESS'],
  ['from fe80::1, to 2001:db8::2', 'from ADDRESS, to ADDRESS'],
  ['at 12:30:01 version 33.2.1 of adamant', 'at 12:30:01 version 33.2.1 of adamant'],
])('%s', (line, told) => expect(withoutNames(line, '/home/ada', 'ada')).toBe(told));

test('diagnostics begin with what runs here', () => {
  const log = new LogFile(folder);
  log.add('ada failed');
  const text = diagnostics({ about: ['Sonde 1', 'Electron 2'], log, home: '/home/ada', user: 'ada' });
  expect(text).toMatch(/^Sonde 1\nElectron 2\n\n\S+Z USER failed$/);
});
