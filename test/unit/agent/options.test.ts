import { describe, expect, it } from 'vitest';
import { effectiveOptions, optionArguments } from '../../../remote-agent/agent/loader/options.ts';
import { FaultError, findProbe, type ProbeManifest, syscallCode } from '../../../remote-agent/protocol/index.ts';

const profile = findProbe('cpu-profile') as ProbeManifest;
const slow = findProbe('slow-syscalls') as ProbeManifest;

describe('options of a probe', () => {
  it('fall back to the manifest, and leave out what is not set', () => {
    expect(effectiveOptions(profile, {})).toEqual({ hz: '99', 'slot-ms': '20', 'map-mb': '16' });
    expect(effectiveOptions(profile, { hz: '999', pid: '42', cgroup: '/system.slice/a b.service' })).toEqual({
      hz: '999',
      pid: '42',
      cgroup: '/system.slice/a b.service',
      'slot-ms': '20',
      'map-mb': '16',
    });
    expect(optionArguments(profile, { hz: '1', cpu: '0' }, 'x86_64')).toEqual(['--hz', '1', '--cpu', '0']);
  });

  it('names of calls and errors are numbers to the loader, of all tables that the machine has', () => {
    const given = (options: Record<string, string>, machine: string) =>
      optionArguments(slow, options, machine).slice(0, -2);
    const code = (table: number, number: number) => String(syscallCode(table, number));
    expect(given({ calls: 'openat,connect', 'min-us': '0' }, 'x86_64')).toEqual([
      '--calls',
      [code(1, 257), code(2, 295), code(3, 257), code(1, 42), code(2, 362), code(3, 42)].join(','),
      '--min-us',
      '0',
    ]);
    expect(given({ calls: 'open' }, 'aarch64')).toEqual(['--calls', code(5, 5)]); // of its 32-bit processes only
    expect(given({ errno: 'ENOENT' }, 'x86_64')).toEqual(['--errno', '2']);
    expect(given({ errno: 'any' }, 'x86_64')).toEqual(['--errno', 'any']);
    for (const options of [{ calls: 'openat,opennat' }, { errno: 'ENOTHING' }])
      expect(() => given(options, 'x86_64')).toThrow(/no system call or error that is called (opennat|ENOTHING)/);
  });

  it('facts about calls go to the loader of a probe that uses them, and to no other', () => {
    const [flag, facts] = optionArguments(slow, {}, 'aarch64');
    expect(flag).toBe('--facts');
    expect(facts?.split(',')).toContain(`${syscallCode(4, 56)}:${2 | (1 << 3)}`); // openat: fd, path
    expect(facts).not.toMatch(/(^|,)167772\d\d:/); // x86-64
    expect(optionArguments(profile, {}, 'aarch64')).toEqual([]);
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
