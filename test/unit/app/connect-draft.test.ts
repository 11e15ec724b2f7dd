import { DEFAULT_SETTINGS, usualChoices } from '../../../electron/bridge/settings.ts';
import { describe, expect, test } from 'vitest';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';
import {
  checkDestination,
  checkDraft,
  checkOption,
  firstDraft,
  targetOf,
} from '../../../renderer/app/start/connect-draft.ts';

const USUAL = usualChoices(DEFAULT_SETTINGS);

const [probe] = PROBES;
if (!probe) throw new Error('no probe');

describe('destination', () => {
  test.each([
    'gateway',
    'root@gateway',
    '192.168.1.20',
    'mara@192.168.1.20:2222',
    'press-line-3.plant.example:22',
    '[fe80::1]',
    'root@[fe80::1%eth0]:2222',
    'my_alias.from.config',
    'domain\\user@host',
  ])('%s may be tried', (destination) => expect(checkDestination(destination)).toBeNull());

  test.each([
    ['', 'which device'],
    ['two words', 'without spaces'],
    ['host:0', 'port'],
    ['host:70000', 'port'],
    ['host:', '[user@]host[:port]'],
    ['@host', '[user@]host[:port]'],
    ['fe80::1', 'brackets'],
    ['-oProxyCommand=x', 'begin with'],
    ['host/path', '[user@]host[:port]'],
  ])('%j is refused, saying why', (destination, why) => expect(checkDestination(destination)).toContain(why));
});

describe('options, as the manifest says', () => {
  const option = (name: string) => {
    const spec = probe.options.find((candidate) => candidate.name === name);
    if (!spec) throw new Error(`the manifest has no ${name}`);
    return spec;
  };

  test.each([
    ['hz', '1'],
    ['hz', '999'],
    ['cpu', '0'],
    ['cgroup', '/system.slice/mosquitto.service'],
  ])('%s = %s is allowed', (name, value) => expect(checkOption(option(name), value)).toBeNull());

  test.each([
    ['hz', '0', '1 to 999 Hz'],
    ['hz', '1000', '1 to 999 Hz'],
    ['hz', '9.5', 'whole number'],
    ['hz', '-1', 'whole number'],
    ['hz', '1e2', 'whole number'],
    ['cgroup', 'system.slice', 'Not a valid value'],
  ])('%s = %s is refused, saying why', (name, value, why) => expect(checkOption(option(name), value)).toContain(why));
});

describe('the form as a whole', () => {
  /** The first draft with options typed, by probe. */
  const typed = (options: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
    const draft = firstDraft(null, USUAL);
    const probes = draft.probes.map((each) => ({ ...each, options: options[each.probe.id] ?? each.options }));
    return { ...draft, destination: ' root@box ', probes };
  };

  test('only what was set is sent: the device keeps its own defaults', () => {
    expect(checkDraft(typed({ 'cpu-profile': { hz: ' 49 ', pid: '', cpu: '  ' } }))).toEqual({
      ok: true,
      target: {
        destination: 'root@box',
        identityFiles: [],
        knownHostsFile: null,
        probes: [
          { probe: 'cpu-profile', options: { hz: '49' } },
          { probe: 'syscalls', options: {} },
        ],
      },
    });
  });

  test('a session that is not to be recorded says so, and is remembered', () => {
    const check = checkDraft({ ...typed({}), record: false });
    expect(check.ok && check.target.record).toBe(false);
    expect(firstDraft(check.ok ? check.target : null, USUAL).record).toBe(false);
  });

  test('every wrong field is named at once, by probe', () => {
    const wrong = { 'cpu-profile': { hz: 'fast', 'map-mb': '0' }, syscalls: { pid: '0' } };
    const check = checkDraft({ ...typed(wrong), destination: '' });
    expect(check).toMatchObject({
      ok: false,
      options: {
        'cpu-profile': { hz: expect.any(String), 'map-mb': expect.any(String) },
        syscalls: { pid: expect.any(String) },
      },
    });
    expect(check.ok === false && check.destination).toBeTruthy();
  });

  test('what is not wanted is neither checked nor sent; nothing at all cannot be wanted', () => {
    const draft = typed({ 'cpu-profile': { hz: 'fast' } });
    const without = (id: string | null) => ({
      ...draft,
      probes: draft.probes.map((each) => ({ ...each, wanted: each.wanted && id !== null && each.probe.id !== id })),
    });
    expect(checkDraft(without('cpu-profile'))).toMatchObject({ ok: true, target: { probes: [{ probe: 'syscalls' }] } });
    expect(checkDraft(without(null))).toMatchObject({ ok: false, probes: expect.any(String), options: {} });
  });

  test('what was tried before stands in the form again', () => {
    const tried = { ...typed({ 'cpu-profile': { hz: '49' } }), destination: 'root@box' };
    const check = checkDraft(tried);
    expect(check.ok && firstDraft(check.target, USUAL)).toEqual(tried);
    const [first] = tried.probes;
    const one = { ...tried, probes: tried.probes.map((each) => ({ ...each, wanted: each === first })) };
    const checkOne = checkDraft(one);
    const again = checkOne.ok ? firstDraft(checkOne.target, USUAL).probes : [];
    expect(again.filter(({ wanted }) => wanted).map(({ probe }) => probe.id)).toEqual(['cpu-profile']);
  });

  test('a device from the list is connected to as before, with the usual probes', () => {
    const device = { destination: 'box', identityFiles: ['/k'], lastUsedMs: 0, hostname: 'b', osName: '' };
    expect(targetOf(device, USUAL)).toMatchObject({
      destination: 'box',
      identityFiles: ['/k'],
      probes: [
        { probe: 'cpu-profile', options: {} },
        { probe: 'syscalls', options: {} },
      ],
    });
  });
});
