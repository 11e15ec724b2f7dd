/** Which files are asked for names: made-up processes with mount namespaces of their own. */
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Dictionary } from '../../../remote-agent/agent/names/dictionary.ts';
import { HostsFiles } from '../../../remote-agent/agent/names/hosts-file.ts';
import { hostsPaths } from '../../../remote-agent/agent/names/hosts-paths.ts';
import { addressText } from '../../../remote-agent/protocol/index.ts';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(`${tmpdir()}/sonde-proc-`);
  addProcess('self', 1);
});
afterEach(() => rmSync(proc, { recursive: true }));

function addProcess(pid: number | 'self', namespace: number): string {
  mkdirSync(`${proc}/${pid}/ns`, { recursive: true });
  mkdirSync(`${proc}/${pid}/root/etc`, { recursive: true });
  symlinkSync(`mnt:[${namespace}]`, `${proc}/${pid}/ns/mnt`);
  return `${proc}/${pid}/root/etc/hosts`;
}

test('one of each mount namespace, the box’s own first', () => {
  const file = addProcess(10, 2);
  writeFileSync(file, '172.17.0.4 web');
  writeFileSync(addProcess(11, 2), 'the same namespace');
  writeFileSync(addProcess(12, 1), 'our own namespace');
  linkSync(file, addProcess(13, 3));
  addProcess(14, 4);
  expect(hostsPaths(proc, [10, 11, 12, 13, 14, 99])).toEqual(['/etc/hosts', file]);
});

test('links lead out of a container and are not followed', () => {
  symlinkSync('/etc/hostname', addProcess(10, 2));
  addProcess(11, 3);
  rmSync(`${proc}/11/root/etc`, { recursive: true });
  symlinkSync('/etc', `${proc}/11/root/etc`);
  expect(hostsPaths(proc, [10, 11])).toEqual(['/etc/hosts']);
});

test('the first file that names an address wins', () => {
  const [one, two] = [addProcess(10, 2), addProcess(11, 3)];
  writeFileSync(one, '172.17.0.4 web\n172.17.0.5 db');
  writeFileSync(two, '172.17.0.5 other\n172.17.0.6 cache');
  const dictionary = new Dictionary();
  new HostsFiles(() => hostsPaths(proc, [10, 11]).slice(1), dictionary).check(10_000);
  const names = dictionary.take()?.addressNames ?? [];
  expect(names.map(({ address, name }) => `${addressText(address)} ${Buffer.from(name).toString('latin1')}`)).toEqual([
    '172.17.0.4 web',
    '172.17.0.5 db',
    '172.17.0.6 cache',
  ]);
});
