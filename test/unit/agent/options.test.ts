import { describe, expect, it } from 'vitest';
import { effectiveOptions, optionArguments } from '../../../remote-agent/agent/loader/options.ts';
import { FaultError, findProbe, type ProbeManifest } from '../../../remote-agent/protocol/index.ts';

const profile = findProbe('cpu-profile') as ProbeManifest;

describe('options of a probe', () => {
  it('fall back to the manifest, and leave out what is not set', () => {
    expect(effectiveOptions(profile, {})).toEqual({ hz: '99', 'map-mb': '16' });
    expect(effectiveOptions(profile, { hz: '999', pid: '42', cgroup: '/system.slice/a b.service' })).toEqual({
      hz: '999',
      pid: '42',
      cgroup: '/system.slice/a b.service',
      'map-mb': '16',
    });
    expect(optionArguments({ hz: '1', cpu: '0' })).toEqual(['--hz', '1', '--cpu', '0']);
  });

  it.each([
    [{ hz: '0' }],
    [{ hz: '1000' }],
    [{ hz: '9 9' }],
    [{ hz: '1e2' }],
    [{ hz: '-1' }],
    [{ pid: '0x10' }],
    [{ cgroup: 'relative' }],
    [{ cgroup: '/a\0b' }],
    [{ nonsense: '1' }],
    [{ constructor: '1' }],
  ] as [Record<string, string>][])('refuse %j', (asked) => {
    expect(() => effectiveOptions(profile, asked)).toThrow(FaultError);
  });
});
