import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('daemon', () => {
  const loader = useLoader();
  // Where nobody adopts orphans properly, a dead one stays in the table as a zombie.
  const isRunning = (pid: number) =>
    existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

  test('leaves a command running in a session of its own', async () => {
    const script = 'echo out; echo err >&2; ls -l /proc/self/fd | sed -n "s/.* -> //p"; pwd; exec sleep 60';
    const { code, stdout, stderr } = await loader.run(['daemon', 'log', '--', 'sh', '-c', script]);
    const pid = Number(stdout);
    try {
      expect([code, stderr]).toEqual([0, '']);
      await expect.poll(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe('sleep\x0060\0');
      const [, ppid, , session] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
      expect(Number(session)).not.toBe(pid);
      expect(Number(ppid)).not.toBe(process.pid);
      const log = readFileSync(loader.path('log'), 'utf8').split('\n');
      expect(log.slice(0, 2)).toEqual(['out', 'err']);
      // Of our descriptors it has stdin, and the log twice; the pipe and the folder are those of ls and sed.
      expect(log.filter((line) => line === '/dev/null')).toHaveLength(1);
      expect(log.filter((line) => line === '/')).toHaveLength(1);
      expect(statSync(loader.path('log')).mode & 0o777).toBe(0o600);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test('appends to its log', async () => {
    for (const [word, log] of [
      ['one', 'one\n'],
      ['two', 'one\ntwo\n'],
    ] as const) {
      await loader.run(['daemon', 'log', '--', 'echo', word]);
      await expect.poll(() => readFileSync(loader.path('log'), 'utf8')).toBe(log);
    }
  });

  test('tells why a command cannot be executed', async () => {
    const missing = await loader.run(['daemon', 'log', '--', '/no/such/command']);
    expect(missing).toMatchObject({
      code: 4,
      stderr: 'loader: cannot execute /no/such/command: No such file or directory\n',
    });
    expect(String(missing.stdout)).toBe('');
    writeFileSync(loader.path('script'), '#!/bin/sh\n', { mode: 0o600 });
    const script = await loader.run(['daemon', 'log', '--', loader.path('script')]);
    expect(script).toMatchObject({
      code: 4,
      stderr: `loader: cannot execute ${loader.path('script')}: Permission denied\n`,
    });
    symlinkSync('elsewhere', loader.path('link'));
    expect(await loader.run(['daemon', 'link', '--', 'true'])).toMatchObject({ code: 4 });
  });
});
