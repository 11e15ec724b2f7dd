import { describe, expect, test } from 'vitest';
import { machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('calls', () => {
  const loader = useLoader();
  test('wrong calls say how it is called', async () => {
    for (const args of [[], ['dance'], ['relay'], ['daemon', 'x'], ['unpack', '-o', 'x'], ['run']]) {
      const { code, stderr } = await loader.run(args);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toContain('usage: loader ');
    }
  });

  test('a wrong option or probe is a fault on stdout', async () => {
    const faultOf = async (...args: string[]) => {
      const { code, stdout } = await loader.run(['run', ...args]);
      expect([code, stdout.readUInt32LE(0), stdout.readUInt16LE(4)]).toEqual([1, stdout.length - 16, 7]);
      return stdout.subarray(16).toString().split('\0').slice(0, 2);
    };
    expect(await faultOf('nothing')).toEqual(['probe-unknown', 'cannot run nothing: there is no probe nothing']);
    expect(await faultOf('cpu-profile', '--hz', '1000')).toEqual([
      'bad-option',
      'cannot run cpu-profile: --hz must lie between 1 and 999',
    ]);
    expect(await faultOf('cpu-profile', '--hz', '9x')).toEqual([
      'bad-option',
      'cannot run cpu-profile: --hz wants a whole number, not 9x',
    ]);
    expect(await faultOf('cpu-profile', '--tempo', '9')).toEqual([
      'bad-option',
      'cannot run cpu-profile: there is no option --tempo',
    ]);
    // It knows no names: the agent gives it numbers.
    expect(await faultOf('slow-syscalls', '--calls', '16777216,openat')).toEqual([
      'bad-option',
      'cannot run slow-syscalls: openat is no list of calls',
    ]);
    expect(await faultOf('slow-syscalls', '--facts', '16777216:1;2:3')).toEqual([
      'bad-option',
      'cannot run slow-syscalls: 16777216:1;2:3 is no list of calls',
    ]);
    expect(await faultOf('slow-syscalls', '--errno', 'ENOENT')).toEqual([
      'bad-option',
      'cannot run slow-syscalls: --errno wants a number up to 4095 or any, not ENOENT',
    ]);
  });
});
