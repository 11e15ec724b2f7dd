import { expect, test } from 'vitest';
import { preflight } from '../../../electron/device/preflight.ts';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';
import { artifacts, deviceFacts, place } from './facts-fixture.ts';

const good = [place('/var/lib/sonde')];
const check = (id: string, facts: Parameters<typeof deviceFacts>[0], places = good) =>
  preflight(deviceFacts(facts), places, artifacts()).find((each) => each.id === id);

test('a device with everything passes every check, and nothing is left to do', () => {
  const checks = preflight(deviceFacts(), good, artifacts());
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(checks.every(({ hint, found, title }) => hint === '' && found !== '' && title !== '')).toBe(true);
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
});

test('every need of every manifest is looked at', () => {
  const ids = preflight(deviceFacts(), good).map(({ id }) => id);
  for (const need of PROBES.flatMap((probe) => probe.needs))
    expect(ids).toContain(need.feature === 'privilege' ? 'root' : need.feature);
});

test.each([
  ['kernel', { kernelRelease: '4.9.0' }, 'fail', 'Linux 4.9.0', '4.17'],
  ['kernel', { kernelRelease: '4.19.232-rt' }, 'warn', '4.19', '5.2'],
  ['root', { sudo: 'denied', user: 'guest' }, 'fail', 'guest may not use sudo', 'usermod -aG sudo guest'],
  ['root', { sudo: 'missing', user: 'ops' }, 'fail', 'no sudo', 'root@host'],
  ['root', { sudo: 'password', user: 'ops' }, 'ok', 'will ask', ''],
  [
    'bpf',
    { kernel: { config: { BPF_SYSCALL: 'y' } } },
    'fail',
    'CONFIG_BPF_EVENTS',
    'CONFIG_KPROBE_EVENTS=y or CONFIG_UPROBE_EVENTS=y',
  ],
  ['bpf', { kernel: { lockdown: 'confidentiality' } }, 'fail', 'locked down', 'lockdown=integrity'],
  ['bpf', { kernel: { config: null } }, 'ok', 'cannot be read', ''],
  [
    'perf-events',
    { kernel: { config: null, perfEventParanoid: null } },
    'fail',
    'cannot run: CPU profile',
    'CONFIG_PERF_EVENTS=y',
  ],
  [
    'kallsyms',
    { kernel: { kptrRestrict: 2 } },
    'warn',
    'kernel functions are shown as addresses',
    'sysctl -w kernel.kptr_restrict=1',
  ],
  ['bpf-stats', { kernelRelease: '5.4.0' }, 'warn', 'not counted', '5.8'],
  ['node', { node: null, libc: { kind: 'musl', version: '' } }, 'fail', 'musl', 'apk add nodejs'],
  ['node', { node: null }, 'ok', 'Sonde sends its own', ''],
  ['memory', { memoryAvailableKb: 30_000 }, 'warn', '29 of', 'map-mb'],
  ['clock', { clockOffsetMs: -1000 * 3600 * 24 * 400 }, 'warn', '400 days behind', 'timedatectl set-ntp true'],
  ['clock', { clockOffsetMs: 20_000 }, 'ok', 'agrees', ''],
] as const)('%s with %j: %s', (id, facts, state, found, hint) => {
  const result = check(id, facts as Parameters<typeof deviceFacts>[0]);
  expect(result).toMatchObject({ state, found: expect.stringContaining(found) });
  expect(result?.hint).toContain(hint);
});

test('places: none, only in memory, not known', () => {
  expect(check('place', {}, [place('/var/lib/sonde', { state: 'noexec' })])).toMatchObject({
    state: 'fail',
    found: expect.stringContaining('may not be executed'),
  });
  expect(check('place', {}, [place('/run/sonde', { memory: true })])).toMatchObject({ state: 'warn' });
  expect(preflight(deviceFacts(), null).find(({ id }) => id === 'place')).toBe(undefined);
});
