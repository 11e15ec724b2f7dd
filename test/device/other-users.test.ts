/** Other people on the device: they cannot put their own into what root runs, and two who use Sonde leave each other alone. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  type AgentClient,
  becomeRoot,
  detect,
  dial,
  install,
  type Installation,
  listUnattended,
  remove,
  type RootShell,
} from '../../electron/device/index.ts';
import type { BoxUser } from './box/boot.mjs';
import { answers, artifacts, asRoot, box, faultFrom, log, login, sh, useConnectBox } from './connect-stage.ts';

const SUDO = 'ops-password';
const DIAL = { leaseS: 60, clientVersion: '0.1.0', log };
/** First data, on a busy machine. */
const PICTURE_MS = 150_000;
/** Whatever runs this tells who ran it. */
const EVIL = '#!/bin/sh\nid -u >> /home/guest/ran-by\n';

useConnectBox();
afterEach(async () => {
  await box.ssh(
    'pkill -u guest; umount -l /var/lib /opt /dev/shm /root/.cache 2>/dev/null; rm -f /run/sonde; chmod 1777 /tmp /var/tmp',
  );
  await box.ssh('rm -rf /var/tmp/* /tmp/* /home/guest/* /etc/sudoers.d/second');
});

const asGuest = (command: string) => box.ssh(command, { user: 'guest' });

/** Root ran nothing that guest has made. */
async function expectUntouched(): Promise<void> {
  expect(await sh({ exec: execOnBox }, 'cat /home/guest/ran-by 2>/dev/null | grep -cx 0')).toBe('0');
}
const execOnBox: RootShell['exec'] = async (command) => {
  const { stdout, stderr } = await box.ssh(command);
  return { code: 0, signal: null, truncated: false, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
};

/** Programs may run nowhere but where everybody may write. */
async function leaveSharedPlacesOnly(): Promise<void> {
  await box.ssh(
    'mkdir -p /root/.cache; touch /run/sonde; for d in /var/lib /opt /dev/shm /root/.cache; do mount -t tmpfs -o noexec,mode=755 place $d; done',
  );
}

describe('somebody who may write where root must', () => {
  test('has made the directories before, with programs in them: none of them is run', async () => {
    await leaveSharedPlacesOnly();
    const name = artifacts.loader.name;
    await box.ssh('cat > /tmp/evil && chmod 755 /tmp/evil', { input: EVIL });
    await asGuest(
      `mkdir -m 700 /var/tmp/sonde-0 /home/guest/real && cp /tmp/evil /var/tmp/sonde-0/${name} && cp /tmp/evil /home/guest/real/${name}; ln -s /home/guest/real /tmp/sonde-0`,
    );
    const { root, facts } = await asRoot();
    const fault = await faultFrom(install(root, facts, artifacts, { log }));
    expect(fault).toMatchObject({ code: 'device-noexec' });
    expect(fault.detail).toMatch(/\/var\/tmp\/sonde-0: it, or a directory above it, belongs to somebody else/);
    expect(fault.detail).toMatch(/\/tmp\/sonde-0: it, or a directory above it, belongs to somebody else/);
    await expectUntouched();
  });

  test('could rename directories of others there: the place is not taken', async () => {
    await leaveSharedPlacesOnly();
    await box.ssh('chmod 777 /tmp /var/tmp');
    const { root, facts } = await asRoot();
    const fault = await faultFrom(install(root, facts, artifacts, { log }));
    expect(fault.detail).toMatch(/\/tmp\/sonde-0: it, or a directory above it, belongs to somebody else or is open/);
    expect(await sh(root, 'ls -A /tmp /var/tmp | grep -c sonde')).toBe('0');
  });

  test('exchanges directory, links and loader all the while: root runs its own or nothing', async () => {
    await leaveSharedPlacesOnly();
    await box.ssh('cat > /tmp/evil && chmod 755 /tmp/evil', { input: EVIL });
    const { loader, agent } = artifacts;
    const race = `d=/var/tmp/sonde-0; mkdir -p /home/guest/real; for n in ${loader.name} ${agent.name}; do cp /tmp/evil /home/guest/real/$n; done;
      while :; do
        mv $d /var/tmp/away.$$; rm -rf $d /var/tmp/away.$$; ln -s /home/guest/real $d; rm -f $d; mkdir -m 700 $d; cp /tmp/evil $d/${loader.name};
        rm -rf $d; cp /tmp/evil $d/${loader.name}; ln -sf /tmp/evil $d/${loader.name};
        for p in /var/tmp/.sonde-try-*; do mv $p $p.mine; ln -s /home/guest/real $p; done;
        echo round >> /home/guest/rounds
      done >/dev/null 2>&1`;
    await box.ssh('cat > /home/guest/race.sh', { input: race, user: 'guest' });
    await asGuest('nohup sh /home/guest/race.sh >/dev/null 2>&1 </dev/null &');
    for (let round = 0; round < 5; round++) {
      const { root, facts } = await asRoot();
      const installed = await install(root, facts, artifacts, { log }).catch((error: unknown) => error as Error);
      if (installed instanceof Error) continue; // it was kept from its place: that is all that may come of it
      expect(await sh(root, `ls -ldn ${installed.dir} | cut -c 1-17`)).toMatch(/^drwx------ +\d+ 0 /);
      const client = await dial(root, installed, DIAL);
      const exe = await sh(root, `readlink /proc/${client.welcome.pid}/exe`);
      expect(exe.startsWith(`${installed.dir}/node-`)).toBe(true);
      await client.shutdown('the test is over', 30_000);
      await remove(root);
    }
    expect(Number((await box.ssh('wc -l < /home/guest/rounds')).stdout)).toBeGreaterThan(20);
    await expectUntouched();
  });
});

describe('two users of one device', () => {
  interface Using {
    readonly root: RootShell;
    readonly installation: Installation;
    readonly client: AgentClient;
    /** Of windows that came. */
    readonly windows: () => number;
  }

  async function use(user: BoxUser, password: string): Promise<Using> {
    const ssh = await login(user);
    const facts = await detect(ssh);
    const root = await becomeRoot(ssh, facts, answers(password).ask, { log });
    const installation = await install(root, facts, artifacts, { log });
    const client = await dial(root, installation, DIAL);
    let windows = 0;
    client.onFrame(({ body }) => void (body.case === 'window' && windows++));
    client.startProbe('cpu-profile', { hz: '19' });
    await expect.poll(() => windows, { timeout: PICTURE_MS }).toBeGreaterThan(0);
    return { root, installation, client, windows: () => windows };
  }

  const more = async ({ windows }: Using): Promise<void> => {
    const before = windows();
    await expect.poll(windows, { timeout: PICTURE_MS }).toBeGreaterThan(before + 1);
  };

  test('root and one who becomes root: each sees, and removes, only what is theirs', async () => {
    const mine = await use('root', '');
    const theirs = await use('ops', SUDO);
    expect([mine.installation.dir, theirs.installation.dir]).toEqual(['/var/lib/sonde', '/var/lib/sonde-1000']);
    expect(await listUnattended(theirs.root)).toEqual([]);

    // Who has not become root gets at neither.
    const plain = await login('ops');
    for (const { installation, client } of [mine, theirs]) {
      const { dir } = installation;
      expect(
        await sh(plain, `ls ${dir} 2>&1; cat ${dir}/run/*/log 2>&1; ${installation.loader} relay ${dir}/run 2>&1`),
      ).toMatch(/^(.*([Pp]ermission denied|No such file).*\n?){3}$/);
      expect(await sh(plain, `kill -9 ${client.welcome.pid} 2>&1; ls -l /proc/${client.welcome.pid}/fd 2>&1`)).toMatch(
        /not permitted[\s\S]*[Pp]ermission denied/,
      );
    }

    const report = await remove(theirs.root);
    expect(report).toMatchObject({ removed: ['/var/lib/sonde-1000'], others: ['/var/lib/sonde'] });
    expect(report.left).toEqual({ processes: [], paths: [] });
    expect(report.killed.some(({ pid }) => pid === mine.client.welcome.pid)).toBe(false);
    await more(mine);

    const again = await use('ops', SUDO);
    const last = await remove(mine.root);
    expect(last).toMatchObject({ removed: ['/var/lib/sonde'], others: ['/var/lib/sonde-1000'] });
    await more(again);
    expect((await remove(again.root)).others).toEqual([]);
    expect(await sh(mine.root, 'ls /var/lib | grep -c sonde')).toBe('0');
  });

  test('two who become root', async () => {
    await box.ssh('echo "guest ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/second; chmod 440 /etc/sudoers.d/second');
    const one = await use('ops', SUDO);
    const other = await use('guest', '');
    expect([one.installation.dir, other.installation.dir]).toEqual(['/var/lib/sonde-1000', '/var/lib/sonde-1001']);
    expect(await remove(one.root)).toMatchObject({ removed: ['/var/lib/sonde-1000'], others: ['/var/lib/sonde-1001'] });
    await more(other);
    expect((await remove(other.root)).others).toEqual([]);
  });
});
