import { describe, expect, test } from 'vitest';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';
import {
  checkDestination,
  checkDraft,
  checkOption,
  firstDraft,
  targetOf,
} from '../../../renderer/app/start/connect-draft.ts';

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
  test('only what was set is sent: the device keeps its own defaults', () => {
    const draft = {
      ...firstDraft(probe, null),
      destination: ' root@box ',
      options: { hz: ' 49 ', pid: '', cpu: '  ' },
    };
    expect(checkDraft(draft)).toEqual({
      ok: true,
      target: {
        destination: 'root@box',
        identityFiles: [],
        knownHostsFile: null,
        probe: probe.id,
        options: { hz: '49' },
      },
    });
  });

  test('every wrong field is named at once', () => {
    const check = checkDraft({ ...firstDraft(probe, null), options: { hz: 'fast', 'map-mb': '0' } });
    expect(check).toMatchObject({ ok: false, options: { hz: expect.any(String), 'map-mb': expect.any(String) } });
    expect(check.ok === false && check.destination).toBeTruthy();
  });

  test('what was tried before stands in the form again', () => {
    const tried = { ...firstDraft(probe, null), destination: 'root@box', options: { hz: '49' } };
    const check = checkDraft(tried);
    expect(check.ok && firstDraft(probe, check.target)).toEqual(tried);
  });

  test('a device from the list is connected to as before, with defaults', () => {
    const device = { destination: 'box', identityFiles: ['/k'], lastUsedMs: 0, hostname: 'b', osName: '' };
    expect(targetOf(device, probe)).toMatchObject({ destination: 'box', identityFiles: ['/k'], options: {} });
  });
});
