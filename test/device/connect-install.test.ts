/** Where Sonde can be on a device; installing, starting and removing it there. */
import { describe, expect, test } from 'vitest';
import {
  type Artifacts,
  becomeRoot,
  detect,
  dial,
  install,
  type InstallProgress,
  redial,
  remove,
  type RootShell,
} from '../../electron/device/index.ts';
import { askNobody } from '../../electron/ssh/index.ts';
import { answers, artifacts, asRoot, box, faultFrom, log, logged, login, sh, useConnectBox } from './connect-stage.ts';

const SUDO = 'ops-password';

useConnectBox();

describe('places', () => {
  /** All candidates at once on file systems of the test's choice; undone afterwards. */
  async function withPlaces<T>(
    options: string,
    work: (root: RootShell, facts: Awaited<ReturnType<typeof detect>>) => Promise<T>,
  ): Promise<T> {
    const dirs = '/var/lib /var/tmp /opt /run /dev/shm /tmp';
    const { ssh } = await asRoot();
    await sh(
      ssh,
      `for d in ${dirs}; do mount -t tmpfs -o ${options} place $d; done; chmod 500 /root; mount -t tmpfs -o ${options} place /root`,
    );
    try {
      const facts = await detect(ssh);
      return await work(await becomeRoot(ssh, facts, askNobody), facts);
    } finally {
      await sh(ssh, `cd /; for d in /root ${dirs}; do umount -l $d; done`);
    }
  }

  test('nothing executable', async () => {
    const fault = await withPlaces('noexec,mode=755', (root, facts) => faultFrom(install(root, facts, artifacts)));
    expect(fault).toMatchObject({ code: 'device-noexec', hint: expect.stringContaining('mount -o remount,exec') });
    expect(fault.detail).toContain('/var/lib/sonde: programs may not be executed there');
  });

  test('nothing writable', async () => {
    expect((await withPlaces('ro', (root, facts) => faultFrom(install(root, facts, artifacts)))).code).toBe(
      'device-readonly',
    );
  });

  test('nowhere enough room: says what is needed and what there is', async () => {
    const fault = await withPlaces('size=2m', (root, facts) => faultFrom(install(root, facts, artifacts)));
    expect(fault).toMatchObject({
      code: 'device-full',
      message: expect.stringMatching(/needs \d+ MB and there is \/var\/lib\/sonde 2\.0 MB/),
    });
  });

  test('a disk that fills up during the upload: no part is left', async () => {
    await withPlaces('size=20m,mode=755', async (root, facts) => {
      const lying: Artifacts = { ...artifacts, node: artifacts.node && { ...artifacts.node, bytes: 1_000_000 } };
      expect(await faultFrom(install(root, facts, lying))).toMatchObject({ code: 'device-full' });
      expect(await sh(root, 'ls /var/lib/sonde | grep -c part-')).toBe('0');
    });
  });

  test('somebody else was there first: links, wide modes and foreign owners are passed over', async () => {
    const { ssh } = await asRoot();
    await sh(
      ssh,
      'ln -s /home/guest /var/lib/sonde; mkdir -m 700 /root/.sonde; chown guest /root/.sonde; mkdir -m 755 /var/tmp/sonde-0',
    );
    try {
      const facts = await detect(ssh);
      expect(facts.places?.map(({ dir, state }) => [dir, state])).toEqual([
        ['/var/lib/sonde', 'foreign'],
        ['/root/.sonde', 'foreign'],
        ['/var/tmp/sonde-0', 'foreign'],
        ['/opt/sonde', 'ok'],
      ]);
    } finally {
      await sh(ssh, 'rm -f /var/lib/sonde; rmdir /root/.sonde /var/tmp/sonde-0');
    }
  });

  test('looking leaves nothing behind, also with BusyBox alone', async () => {
    const { ssh } = await asRoot();
    expect(await sh(ssh, 'ls -A /var/lib /root /opt /var/tmp /run /dev/shm /tmp | grep -i sonde')).toBe('');
    const { shCommand } = await import('../../electron/device/script.ts');
    const { DETECT_SCRIPT } = await import('../../electron/device/detect-script.ts');
    const { cutSections } = await import('../../electron/device/sections.ts');
    const { parseFacts } = await import('../../electron/device/parse-facts.ts');
    const plain = await ssh.exec(shCommand(DETECT_SCRIPT));
    const busybox = await ssh.exec(
      `mkdir -p /tmp/bb && /bin/busybox --install -s /tmp/bb; PATH=/tmp/bb; export PATH; ${shCommand(DETECT_SCRIPT)}`,
    );
    const [a, b] = [plain, busybox].map(({ stdout }) => parseFacts(cutSections(stdout.toString()), Date.now()));
    const steady = { clockOffsetMs: 0, memoryAvailableKb: 0, libc: null, places: null };
    expect({ ...b, ...steady }).toEqual({ ...a, ...steady });
    expect(b?.places?.[0]).toMatchObject({ dir: '/var/lib/sonde', state: 'ok' });
    await sh(ssh, 'rm -rf /tmp/bb');
  });
});

describe('installing, running, removing', () => {
  const progress: InstallProgress[] = [];
  const onProgress = (each: InstallProgress): void => void progress.push(each);
  const outcome = (): string[] =>
    ['loader', 'node', 'agent'].map((file) => `${file} ${progress.findLast((each) => each.file === file)?.state}`);

  test('cancelled in the middle, cut in the middle, then whole: each try takes up what arrived', async () => {
    const { root, facts, ssh } = await asRoot();
    await remove(root);
    const abort = new AbortController();
    const half = (each: InstallProgress): void => {
      onProgress(each);
      if (each.file === 'node' && each.sentBytes > 8_000_000) abort.abort();
    };
    expect(
      (await faultFrom(install(root, facts, artifacts, { onProgress: half, signal: abort.signal, log }))).code,
    ).toBe('cancelled');
    expect(outcome()).toEqual(['loader done', 'node sending', 'agent undefined']);
    await expect.poll(() => sh(ssh, 'ls /var/lib/sonde'), { timeout: 180_000 }).toBe(artifacts.loader.name);

    const second = await asRoot();
    const pid = await sh(second.ssh, 'echo $PPID');
    const cut = (each: InstallProgress): void => {
      if (each.file === 'node' && each.sentBytes > 8_000_000 && each.sentBytes < 8_100_000)
        void box.ssh(`kill -9 ${pid}`);
    };
    expect((await faultFrom(install(second.root, second.facts, artifacts, { onProgress: cut, log }))).code).toBe(
      'link-lost',
    );

    const third = await asRoot();
    progress.length = 0;
    const installation = await install(third.root, third.facts, artifacts, { onProgress, log });
    expect(outcome()).toEqual(['loader skipped', 'node done', 'agent done']);
    expect(installation).toMatchObject({ dir: '/var/lib/sonde', ownNode: true, nodeVersion: artifacts.node?.version });
    expect(await sh(third.ssh, 'ls -ldn /var/lib/sonde | cut -c 1-10; ls /var/lib/sonde | wc -l')).toBe(
      'drwx------\n3',
    );
    expect(progress.filter((each) => each.file === 'node').length).toBeGreaterThan(100);
  });

  test('files of older versions go when nothing runs from them, a damaged agent is sent again', async () => {
    const { ssh } = await asRoot();
    await sh(
      ssh,
      `cd /var/lib/sonde; cp ${artifacts.loader.name} loader-aaaaaaaaaaaa; cp ${artifacts.loader.name} loader-bbbbbbbbbbbb; echo damage >> ${artifacts.agent.name}; touch ${artifacts.agent.name}.part-99999`,
    );
    const held = await ssh.spawn('exec /var/lib/sonde/loader-bbbbbbbbbbbb unpack --sha256 00 --size 9 -o /tmp/x');
    const { root, facts } = await asRoot();
    progress.length = 0;
    await install(root, facts, artifacts, { onProgress, log });
    expect(outcome()).toEqual(['loader skipped', 'node skipped', 'agent done']);
    const left = [artifacts.agent.name, artifacts.loader.name, 'loader-bbbbbbbbbbbb', artifacts.node?.name];
    expect((await sh(ssh, 'ls /var/lib/sonde')).split('\n').toSorted()).toEqual(left.toSorted());
    held.kill();
    held.stdout.resume();
    await held.exit;
    await sh(ssh, 'rm -f /var/lib/sonde/loader-bbbbbbbbbbbb');
  });

  test('an agent starts, measures, outlives its link, is found again, and is shut down', async () => {
    const { root, facts, ssh } = await asRoot();
    const installation = await install(root, facts, artifacts, { log });
    const client = await dial(root, installation, { leaseS: 60, clientVersion: '0.1.0', log });
    const kinds = new Set<string>();
    client.onFrame((frame) => void kinds.add(frame.body.case ?? ''));
    client.startProbe('cpu-profile', { hz: '49' });
    await expect.poll(() => kinds.has('window'), { timeout: 120_000 }).toBe(true);
    expect((await client.ping()).monotonicNs).toBeGreaterThan(0);
    const { resumePoint } = client;
    const sshd = await sh(ssh, 'echo $PPID');
    await box.ssh(`kill -9 ${sshd}`);
    expect(await client.closed).toMatchObject({ kind: 'lost', fault: { code: 'link-lost' } });

    const second = await login('root');
    const again = await redial(root.on(second), resumePoint, { leaseS: 60, clientVersion: '0.1.0', log });
    expect(again.welcome).toMatchObject({ runId: resumePoint.runId, pid: client.welcome.pid, lostBeforeSeq: 0 });
    const seqs: number[] = [];
    again.onFrame((frame) => void (frame.seq > 0n && seqs.push(Number(frame.seq))));
    await expect.poll(() => seqs.length, { timeout: 120_000 }).toBeGreaterThan(2);
    expect(seqs[0]).toBe(resumePoint.lastSeq + 1);
    expect(seqs).toEqual(seqs.map((_seq, index) => (seqs[0] ?? 0) + index));
    await again.shutdown('the test is over', 30_000);
    expect((await again.closed).kind).toBe('farewell');
    expect(
      await faultFrom(redial(root.on(second), again.resumePoint, { leaseS: 60, clientVersion: '0.1.0' })),
    ).toMatchObject({ code: 'agent-crashed' });
  });

  test('a link that hangs for some seconds does not end the session', async () => {
    const { root, facts } = await asRoot();
    const client = await dial(root, await install(root, facts, artifacts, { log }), {
      leaseS: 60,
      clientVersion: '0.1.0',
      log,
    });
    client.onFrame(() => {});
    await box.setLink(false);
    const asked = client.ping();
    await new Promise((resolve) => setTimeout(resolve, 8000));
    await box.setLink(true);
    expect((await asked).rttMs).toBeGreaterThan(5000);
    await client.shutdown('done');
  });

  test('warm connect, as sudo user: time of each step', async () => {
    const began = performance.now();
    const marks: string[] = [];
    let last = began;
    const mark = (what: string): void => {
      marks.push(`${what} ${Math.round(performance.now() - last)} ms`);
      last = performance.now();
    };
    const ssh = await login('ops');
    mark('ssh');
    const facts = await detect(ssh);
    mark('detect');
    const root = await becomeRoot(ssh, facts, answers(SUDO).ask, { log });
    mark('sudo');
    const installation = await install(root, facts, artifacts, { log });
    mark('install');
    const client = await dial(root, installation, { leaseS: 60, clientVersion: '0.1.0', log });
    mark('dial');
    console.log(`warm connect: ${marks.join(', ')}`);
    await client.shutdown('done');
    await ssh.close();
  });

  test("the device's own Node is used when it runs, and not when it only says so", async () => {
    const { ssh } = await asRoot();
    await sh(
      ssh,
      `printf '#!/bin/sh\\n[ "$1" = --version ] && echo v22.1.0 && exit 0\\necho "Illegal instruction" >&2; exit 132\\n' > /usr/local/bin/node; chmod 755 /usr/local/bin/node`,
    );
    const lying = await asRoot();
    expect(lying.facts.node).toEqual({ path: '/usr/local/bin/node', version: '22.1.0' });
    expect((await install(lying.root, lying.facts, artifacts, { log })).ownNode).toBe(true);
    const carried: Artifacts = { ...artifacts, node: null };
    expect(await faultFrom(install(lying.root, lying.facts, carried, { log }))).toMatchObject({
      code: 'node-too-old',
      message: expect.stringContaining('does not run'),
      detail: expect.stringContaining('Illegal instruction'),
    });
    await sh(ssh, `rm -f /usr/local/bin/node; ln -s /var/lib/sonde/${artifacts.node?.name} /usr/local/bin/node`);
    const real = await asRoot();
    const installation = await install(real.root, real.facts, carried, { log });
    expect(installation).toMatchObject({ node: '/usr/local/bin/node', ownNode: false });
    expect(await sh(ssh, 'cat /var/lib/sonde/checked-node')).toBe(`/usr/local/bin/node v${artifacts.node?.version}`);
    await sh(ssh, 'rm -f /usr/local/bin/node');
    const none = await asRoot();
    expect(await faultFrom(install(none.root, none.facts, carried, { log }))).toMatchObject({
      code: 'node-too-old',
      message: expect.stringContaining('has no Node'),
    });
  });

  test('an agent that cannot start says what its log says', async () => {
    const { root, facts, ssh } = await asRoot();
    const installation = await install(root, facts, artifacts, { log });
    await sh(ssh, 'echo "throw new Error(\\"no luck today\\")" > /var/lib/sonde/agent-broken.cjs');
    const fault = await faultFrom(
      dial(root, { ...installation, agent: '/var/lib/sonde/agent-broken.cjs' }, { leaseS: 60, clientVersion: '0.1.0' }),
    );
    expect(fault).toMatchObject({
      code: 'agent-start',
      message: expect.stringContaining('ended as soon as it was started: Error: no luck today'),
      detail: expect.stringContaining('no luck today'),
    });
    expect(
      await faultFrom(
        dial(root, { ...installation, node: '/var/lib/sonde/nothing' }, { leaseS: 60, clientVersion: '0.1.0' }),
      ),
    ).toMatchObject({ code: 'loader-start', message: expect.stringContaining('No such file') });
    await sh(ssh, 'for f in /usr/lib/*/libstdc++.so.6; do mv $f $f.away; done');
    try {
      expect(await faultFrom(dial(root, installation, { leaseS: 60, clientVersion: '0.1.0' }))).toMatchObject({
        code: 'node-too-old',
        message: expect.stringMatching(/the Node sent to the device does not run there: .*libstdc\+\+\.so\.6/),
      });
    } finally {
      await sh(ssh, 'for f in /usr/lib/*/libstdc++.so.6.away; do mv $f ${f%.away}; done');
    }
    expect(await sh(ssh, 'ls /var/lib/sonde/run')).toBe('');
  });

  test('remove ends everything and proves it, also while a probe runs', async () => {
    const { root, facts, ssh } = await asRoot();
    const client = await dial(root, await install(root, facts, artifacts, { log }), {
      leaseS: 600,
      clientVersion: '0.1.0',
      log,
    });
    const kinds = new Set<string>();
    client.onFrame((frame) => void kinds.add(frame.body.case ?? ''));
    client.startProbe('cpu-profile', {});
    await expect.poll(() => kinds.has('window'), { timeout: 120_000 }).toBe(true);
    const report = await remove(root);
    expect(report.killed.map(({ command }) => command).join('\n')).toMatch(
      /serve --dir[\s\S]*run cpu-profile|run cpu-profile[\s\S]*serve --dir/,
    );
    expect(report.killed.some(({ pid }) => pid === client.welcome.pid)).toBe(true);
    expect(report.removed).toEqual(['/var/lib/sonde']);
    expect(report.left).toEqual({ processes: [], paths: [] });
    expect(await sh(ssh, 'ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c sonde; ls -d /var/lib/sonde 2>/dev/null')).toBe(
      '0',
    );
    expect((await remove(root)).removed).toEqual([]);
    client.close();
  });

  test('no secret was logged in all of this', () => {
    expect(logged.join('\n')).not.toMatch(/ops-password|guest-password|sonde-passphrase/);
  });
});
