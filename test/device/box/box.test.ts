// The virtual box itself: what the device tests take for granted about it.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Box, bootBox } from './boot.mjs';

/** The first boot ever builds the image: a minute on an idle computer. */
const BUILD_AND_BOOT_MS = 600_000;
const BOOT_MS = 200_000;

/** Shares are exact but for the last slice of at most 9 ms of CPU. */
const SHARE_TOLERANCE = 0.02;

const isRunning = (pid: number) => existsSync(`/proc/${pid}`);

describe('a plain box', () => {
  let box: Box;
  beforeAll(async () => {
    box = await bootBox({ log: console.error });
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());

  const out = async (command: string, options?: Parameters<Box['ssh']>[1]) => {
    const { code, stdout, stderr } = await box.ssh(command, options);
    expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
    return stdout.trim();
  };

  test('root logs in by key, to the kernel that was asked for', async () => {
    expect(await out('id -un; uname -r; hostname')).toBe(`root\n${box.kernelVersion}\nedge`);
    expect(box.kernelVersion).toMatch(/^6\.1\./);
  });

  test('ops logs in by password, and sudo wants it again', async () => {
    const options = { user: 'ops', auth: 'password' } as const;
    expect(await out('id -un', options)).toBe('ops');
    expect((await box.ssh('sudo -n id', options)).stderr).toContain('a password is required');
    expect(await out('sudo -S -p "" id -un', { ...options, input: `${box.users.ops.password}\n` })).toBe('root');
  });

  test('guest may not use sudo', async () => {
    const { code, stderr } = await box.ssh('sudo -S -p "" id', {
      user: 'guest',
      input: `${box.users.guest.password}\n`,
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain('guest is not in the sudoers file');
  });

  test('root has no password; the host key is the announced one', async () => {
    expect((await box.ssh('true', { auth: 'password' })).code).toBe(255);
    const dir = await mkdtemp(join(tmpdir(), 'sonde-known-hosts-'));
    const file = join(dir, 'known_hosts');
    await box.writeKnownHosts(file);
    expect(await readFile(file, 'utf8')).toContain(`[127.0.0.1]:${box.port} ${box.hostKey}\n`);
    await rm(dir, { recursive: true });
    expect(await out('ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub')).toContain(box.hostKeyFingerprint);
  });

  test('has what tracing needs, mounted where a distribution mounts it', async () => {
    const mounts = await out('cut -d" " -f2,3 /proc/mounts');
    for (const mount of [
      '/sys/kernel/tracing tracefs',
      '/sys/kernel/debug debugfs',
      '/sys/kernel/security securityfs',
      '/sys/fs/bpf bpf',
      '/sys/fs/cgroup cgroup2',
      '/tmp tmpfs',
    ]) {
      expect(mounts.split('\n')).toContain(mount);
    }
    expect(await out('bpftool prog list; test -s /sys/kernel/btf/vmlinux && echo btf')).toBe('btf');
    expect(await out('test -x /usr/lib/openssh/sftp-server && touch /root/x && echo writable')).toBe('writable');
  });

  test('has no Node', async () => {
    expect((await box.ssh('command -v node nodejs')).code).not.toBe(0);
  });

  test('the truth workload keeps to its shares, with and without frame pointers', async () => {
    const run = '/opt/workload/truth-fp --seconds 6 & /opt/workload/truth-nofp --seconds 6 --load 40 --threads 2; wait';
    const reports = (await out(run)).split('\n').map((line) => JSON.parse(line));
    expect(reports.map((report) => report.name).sort()).toEqual(['truth-fp', 'truth-nofp']);
    for (const { shares } of reports) {
      const wanted = { alpha: 0.5, beta: 0.3, beta_left: 0.2, beta_right: 0.1, gamma: 0.2 };
      for (const [name, share] of Object.entries(wanted)) {
        expect(Math.abs(shares[name] - share), `${name} of ${JSON.stringify(shares)}`).toBeLessThan(SHARE_TOLERANCE);
      }
    }
  });

  test('the workload starts, reports when stopped, and is gone', async () => {
    await out('workload start');
    const running = async () => (await out('workload status')).split('\n').map((line) => line.split(' ')[0]);
    await expect
      .poll(running, { timeout: 60_000 })
      .toEqual(['truth-fp', 'truth-nofp', 'shortlived', 'loopback', 'diskwrite', 'python', 'shell']);
    await sleep(3000);
    await out('workload stop');
    const reports = (await out('cat /run/workload/*.json')).split('\n').map((line) => JSON.parse(line));
    const amounts = Object.fromEntries(reports.map((report) => [report.name ?? report.program, report]));
    expect(amounts.loopback.tcpBytesSent).toBeGreaterThan(0);
    expect(amounts.diskwrite.writes).toBeGreaterThan(0);
    expect(amounts.shortlived.started).toBeGreaterThan(0);
    const left = () => out('workload status; cat /sys/fs/cgroup/system.slice/workload.service/cgroup.procs');
    await expect.poll(left, { timeout: 60_000 }).toBe('');
  });

  test('a connection outlives a link that goes down and up', async () => {
    const slow = box.ssh('sleep 3; echo survived');
    await sleep(1500);
    await box.setLink(false);
    await sleep(4000);
    expect(await Promise.race([slow, sleep(1, 'hangs')])).toBe('hangs');
    await box.setLink(true);
    expect((await slow).stdout).toBe('survived\n');
  }, 90_000);
});

describe('several boxes', () => {
  test(
    'two run at once, one without BTF; stop and power-off leave no QEMU',
    async () => {
      const [one, two] = await Promise.all([bootBox(), bootBox({ hideBtf: true, memoryMb: 512 })]);
      try {
        expect(one.port).not.toBe(two.port);
        expect((await one.ssh('ls /sys/kernel/btf/vmlinux')).code).toBe(0);
        expect((await two.ssh('ls /sys/kernel/btf/vmlinux')).code).not.toBe(0);
        await two.powerOff();
        expect(isRunning(two.pid)).toBe(false);
        expect((await one.ssh('true')).code).toBe(0);
      } finally {
        await Promise.all([one.stop(), two.stop()]);
      }
      expect(isRunning(one.pid)).toBe(false);
      expect(existsSync(one.consoleFile)).toBe(false);
    },
    BOOT_MS,
  );

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'a parent that dies by %s takes its box along',
    async (signal) => {
      const parent = spawn(process.execPath, [fileURLToPath(new URL('cli.mjs', import.meta.url)), 'up', '--json']);
      const line = await new Promise<string>((resolve) =>
        parent.stdout.once('data', (chunk) => resolve(String(chunk))),
      );
      const { pid, port } = JSON.parse(line) as { pid: number; port: number };
      expect(isRunning(pid)).toBe(true);
      parent.kill(signal);
      await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
      await expect(connected(port)).rejects.toThrow('ECONNREFUSED');
    },
    BOOT_MS,
  );

  test(
    'a box that cannot boot says what its console said',
    async () => {
      const boot = bootBox({ extraKernelArgs: ['rdinit=/nowhere', 'root=/dev/nothing'], bootTimeoutMs: 60_000 });
      await expect(boot).rejects.toThrow(/cannot boot the virtual box[\s\S]*console:[\s\S]*[Pp]anic/);
    },
    BOOT_MS,
  );
});

function connected(port: number) {
  return new Promise((resolve, reject) => {
    connect(port, '127.0.0.1').on('connect', resolve).on('error', reject);
  });
}
