import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveRoute } from '../../../electron/ssh/route.ts';
import type { Hop } from '../../../electron/ssh/hop.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sonde-config-'));
  mkdirSync(join(home, '.ssh', 'conf.d'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const log: string[] = [];
function route(destination: string, files: Record<string, string>, more: object = {}): Promise<Hop[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, '.ssh', name), text);
  const places = {
    home,
    user: 'me',
    configFile: join(home, '.ssh', 'config'),
    systemConfigFile: join(home, '.ssh', 'system'),
    systemKnownHostsFile: '/etc/kh',
    agentSocket: '/agent',
  };
  return resolveRoute({ destination, identityFiles: [], knownHostsFile: null, places, ...more }, (line) =>
    log.push(line),
  );
}
const last = async (...args: Parameters<typeof route>): Promise<Hop> => {
  const hops = await route(...args);
  const hop = hops.at(-1);
  if (!hop) throw new Error('no hop');
  return hop;
};

test('without a configuration: the local user, port 22, the default keys and files', async () => {
  expect(await last('box', {})).toMatchObject({
    host: 'box',
    hostName: 'box',
    user: 'me',
    port: 22,
    agentSocket: '/agent',
    knownHostName: 'box',
    knownHostsFiles: [`${home}/.ssh/known_hosts`, `${home}/.ssh/known_hosts2`, '/etc/kh'],
    addHostKeyTo: `${home}/.ssh/known_hosts`,
    identityFiles: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => ({
      path: `${home}/.ssh/${name}`,
      from: 'default',
    })),
  });
});

test('what is typed beats the file, the first value in the file beats later ones, system files come last', async () => {
  const config = 'Host box\n  HostName 192.0.2.7\n  user ops\nHost *\n  User other\n  Port 2222\n';
  expect(await last('box', { config, system: 'Host *\n HashKnownHosts yes\n Port 9\n' })).toMatchObject({
    hostName: '192.0.2.7',
    user: 'ops',
    port: 2222,
    knownHostName: '[192.0.2.7]:2222',
    hashKnownHosts: true,
  });
  expect(await last('root@box:23', { config })).toMatchObject({ user: 'root', port: 23 });
});

test('key files: given, then configured instead of the defaults; tokens and tilde are expanded', async () => {
  const config =
    'Host box\n  IdentityFile ~/.ssh/one\n  IdentityFile "%d/keys of/%r"\n  IdentitiesOnly yes\n  IdentityAgent none\n';
  const hop = await last('ops@box', { config }, { identityFiles: ['~/given', '/abs'] });
  expect(hop.identityFiles.map((file) => [file.from, file.path])).toEqual([
    ['given', `${home}/given`],
    ['given', '/abs'],
    ['config', `${home}/.ssh/one`],
    ['config', `${home}/keys of/ops`],
  ]);
  expect([hop.identitiesOnly, hop.agentSocket]).toEqual([true, '']);
});

test('known-hosts files: configured, alias, nowhere, and the one given', async () => {
  const config =
    'Host box\n  UserKnownHostsFile ~/a ~/b\n  GlobalKnownHostsFile none\n  HostKeyAlias Real\nHost lax\n  UserKnownHostsFile /dev/null\n  StrictHostKeyChecking no\n';
  expect(await last('box', { config })).toMatchObject({
    knownHostsFiles: [`${home}/a`, `${home}/b`],
    addHostKeyTo: `${home}/a`,
    knownHostName: 'real',
  });
  expect(await last('lax', { config })).toMatchObject({ knownHostsFiles: ['/etc/kh'], addHostKeyTo: null });
  expect(await last('lax', { config }, { knownHostsFile: '/mine' })).toMatchObject({
    knownHostsFiles: ['/mine', '/etc/kh'],
    addHostKeyTo: '/mine',
  });
});

test('Include: relative, with patterns, in sections; what follows it still counts', async () => {
  const files = {
    config: 'Include conf.d/*.conf\nUser everybody\nHost box\n  Include conf.d/inside\n',
    'conf.d/a.conf': 'Host box\n  HostName from-a\n',
    'conf.d/b.conf': 'Host box\n  HostName from-b\n',
    'conf.d/inside': 'Port 99\n',
  };
  expect(await last('box', files)).toMatchObject({ hostName: 'from-a', user: 'everybody', port: 99 });
  expect(await last('axe', files)).toMatchObject({ hostName: 'axe', user: 'everybody', port: 22 });
});

test('Match: host and user count, exec never runs, unknown criteria never match', async () => {
  const config = `Match exec "touch ${home}/ran"\n  Port 1\nMatch localnetwork 10.0.0.0/8\n  Port 2\nMatch host box\n  Port 3\nMatch all\n  User all\n`;
  expect(await last('box', { config })).toMatchObject({ port: 3, user: 'all' });
  expect(await last('axe', { config })).toMatchObject({ port: 22, user: 'all' });
});

test('CanonicalizeHostname is passed over', async () => {
  expect(
    await last('box', { config: 'Host *\n  CanonicalizeHostname yes\n  CanonicalDomains example.invalid\n  User x\n' }),
  ).toMatchObject({ hostName: 'box', user: 'x' });
});

test('jump hosts in order; only the first of a chain uses its own; a given fingerprint is for the target', async () => {
  const config = 'Host box\n  ProxyJump one,root@two:23\nHost one\n  ProxyJump zero\nHost two\n  ProxyJump never\n';
  const hops = await route('box', { config }, { acceptHostKey: 'SHA256:x' });
  expect(hops.map(({ host, port, acceptHostKey }) => [host, port, acceptHostKey])).toEqual([
    ['zero', 22, null],
    ['one', 22, null],
    ['two', 23, null],
    ['box', 22, 'SHA256:x'],
  ]);
  expect(await route('box', { config: 'Host *\n  ProxyJump none\n' })).toHaveLength(1);
});

test.each([
  ['Host *\n  ProxyJump again\n', 'loop'],
  ['Host *\n  ProxyCommand nc %h %p\n', 'ProxyCommand'],
  ['Host *\n  Port ssh\n', 'not a port'],
])('%j is refused: %s', async (config, words) => {
  await expect(route('box', { config })).rejects.toThrow(words);
});
