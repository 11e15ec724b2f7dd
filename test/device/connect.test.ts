/** Login, root's rights, installing, starting and removing, on a real kernel with real sshd and sudo. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type Artifacts,
  becomeRoot,
  detect,
  dial,
  findArtifacts,
  install,
  type InstallProgress,
  preflight,
  redial,
  remove,
  type RootShell,
} from '../../electron/device/index.ts';
import {
  askNobody,
  type Ask,
  connect,
  type Question,
  type SshConnection,
  type SshTarget,
} from '../../electron/ssh/index.ts';
import { type Fault, faultOf } from '../../remote-agent/protocol/fault.ts';
import { type Box, type BoxUser, bootBox } from './box/boot.mjs';

const ARTIFACTS = join(import.meta.dirname, '..', '..', 'out', 'device');
const SUDO = 'ops-password';

let box: Box;
let home = '';
let artifacts: Artifacts;
const open: SshConnection[] = [];
/** Everything Sonde logged in the whole file: no secret may ever be in it. */
const logged: string[] = [];
const log = (line: string): void => void logged.push(line);

beforeAll(async () => {
  box = await bootBox({ variant: 'plain' });
  home = mkdtempSync(join(tmpdir(), 'sonde-connect-'));
  artifacts = await findArtifacts(ARTIFACTS, 'x86_64');
});
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});
afterAll(async () => {
  await box?.stop();
  rmSync(home, { recursive: true, force: true });
});

function target(user: BoxUser, more: Partial<SshTarget> = {}): SshTarget {
  const places = {
    home,
    configFile: join(home, 'config'),
    systemConfigFile: join(home, 'none'),
    systemKnownHostsFile: join(home, 'none'),
    agentSocket: '',
  };
  return {
    destination: `${user}@${box.host}:${box.port}`,
    identityFiles: [],
    knownHostsFile: join(home, 'known_hosts'),
    acceptHostKey: box.hostKeyFingerprint,
    places,
    ...more,
  };
}
function answers(...secrets: (string | null)[]): { ask: Ask; asked: Question[] } {
  const asked: Question[] = [];
  return {
    asked,
    ask: (question) => (
      asked.push(question), Promise.resolve(question.kind === 'host-key' ? true : (secrets.shift() ?? null))
    ),
  };
}
async function login(user: BoxUser): Promise<SshConnection> {
  const connection = await connect(target(user, { identityFiles: [box.keys.ed25519.identityFile] }), {
    ask: askNobody,
    log,
  });
  open.push(connection);
  return connection;
}
async function asRoot(): Promise<{ ssh: SshConnection; root: RootShell; facts: Awaited<ReturnType<typeof detect>> }> {
  const ssh = await login('root');
  const facts = await detect(ssh);
  return { ssh, facts, root: await becomeRoot(ssh, facts, askNobody, { log }) };
}
async function sh(shell: Pick<SshConnection, 'exec'>, command: string): Promise<string> {
  return (await shell.exec(command)).stdout.toString().trim();
}
async function faultFrom(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise;
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return fault;
    throw error;
  }
  throw new Error('it worked');
}

describe('logging in', () => {
  test.each(['ed25519', 'rsa', 'ecdsa'] as const)('with an %s key', async (type) => {
    const connection = await connect(target('ops', { identityFiles: [box.keys[type].identityFile] }), {
      ask: askNobody,
      log,
    });
    open.push(connection);
    expect(await sh(connection, 'id -un')).toBe('ops');
    expect(connection.serverVersion).toContain('OpenSSH');
  });

  test('with an encrypted key, after a wrong passphrase', async () => {
    const { ask, asked } = answers('wrong', box.keys.encrypted.passphrase ?? '');
    open.push(await connect(target('ops', { identityFiles: [box.keys.encrypted.identityFile] }), { ask, log }));
    expect(asked.map((question) => question.kind === 'secret' && question.retry)).toEqual([false, true]);
  });

  test('with a password; wrong ones are asked again, three are the end', async () => {
    const good = answers('wrong', SUDO);
    const connection = await connect(target('ops'), { ask: good.ask, log });
    open.push(connection);
    expect(connection.authenticatedBy).toMatch(/password|keyboard-interactive/);
    expect(good.asked.map((question) => question.kind === 'secret' && question.retry)).toEqual([false, true]);
    const bad = await faultFrom(connect(target('ops'), { ask: answers('a', 'b', 'c', SUDO).ask, log }));
    expect(bad).toMatchObject({ code: 'auth-failed', message: expect.stringContaining('(3 tries)') });
    expect((await faultFrom(connect(target('ops'), { ask: askNobody, log }))).code).toBe('cancelled');
  });

  test('root takes no password: the fault says what is offered', async () => {
    const fault = await faultFrom(connect(target('root'), { ask: answers('a', 'b', 'c').ask, log }));
    expect(fault).toMatchObject({ code: 'auth-failed', message: expect.stringContaining('it offers publickey') });
  });

  test('unknown and changed host keys', async () => {
    const knownHostsFile = join(home, 'other_hosts');
    const { ask, asked } = answers();
    const { acceptHostKey: _none, ...plain } = target('root', {
      identityFiles: [box.keys.ed25519.identityFile],
      knownHostsFile,
    });
    open.push(await connect(plain, { ask, log }));
    expect(asked).toEqual([expect.objectContaining({ kind: 'host-key', fingerprint: box.hostKeyFingerprint })]);
    const line = readFileSync(knownHostsFile, 'utf8');
    const foreign = readFileSync(`${box.keys.ed25519.identityFile}.pub`, 'utf8').split(' ')[1] ?? '';
    writeFileSync(knownHostsFile, line.replace(/ssh-ed25519 \S+/, `ssh-ed25519 ${foreign}`));
    const fault = await faultFrom(connect(plain, { ask, log }));
    expect(fault).toMatchObject({
      code: 'host-key-changed',
      message: expect.stringContaining(`line 1 of ${knownHostsFile}`),
    });
    expect(fault.message).toContain(box.hostKeyFingerprint);
  });

  test('a device that stopped answering', async () => {
    await box.setLink(false);
    const fault = await faultFrom(connect(target('root'), { ask: askNobody, log })).finally(() => box.setLink(true));
    expect(fault.code).toBe('host-unreachable');
  });
});

describe('root', () => {
  test('ops: sudo asks once, later commands run without asking, the password shows nowhere', async () => {
    const ssh = await login('ops');
    const facts = await detect(ssh);
    expect(facts).toMatchObject({ sudo: 'password', user: 'ops', uid: 1000, places: null });
    const { ask, asked } = answers(SUDO);
    const root = await becomeRoot(ssh, facts, ask, { log });
    expect(asked).toEqual([{ kind: 'secret', purpose: 'sudo', text: 'sudo password of ops on edge', retry: false }]);
    expect(root.places[0]).toMatchObject({ dir: '/var/lib/sonde', state: 'ok' });
    const echoed = await root.exec('cat; echo words >&2; id -u; exit 3', {
      stdin: Buffer.from(`binary \0\xff ${SUDO.slice(0, 3)}\n`, 'latin1'),
    });
    expect(echoed).toMatchObject({ code: 3, stdout: Buffer.from(`binary \0\xff ops\n0\n`, 'latin1') });
    expect(echoed.stderr.toString()).toBe('words\n');
    const running = await root.spawn('echo ready; exec sleep 60');
    await new Promise((resolve) => running.stdout.once('data', resolve));
    const seen = await sh(
      root,
      'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ /var/log/*.log /var/log/auth.log 2>/dev/null | tr "\\000" " "',
    );
    expect(seen).toContain('sleep 60');
    expect(seen).not.toContain(SUDO);
    running.kill();
    expect(asked).toHaveLength(1);
    const again = await login('ops');
    expect(await sh(root.on(again), 'id -u')).toBe('0');
    expect(asked).toHaveLength(1);
  });

  test('a large stream through sudo arrives whole', async () => {
    const ssh = await login('ops');
    const root = await becomeRoot(ssh, await detect(ssh), answers(SUDO).ask, { log });
    const big = Buffer.alloc(3_000_000, 'sonde\0\r\n\x04\x03');
    const { stdout } = await root.exec('cat', { stdin: big, timeoutMs: 60_000 });
    expect(stdout.equals(big)).toBe(true);
  });

  test('a wrong password three times, and a cancelled question', async () => {
    const ssh = await login('ops');
    const facts = await detect(ssh);
    const { ask, asked } = answers('a', 'b', 'c', 'd');
    expect(await faultFrom(becomeRoot(ssh, facts, ask, { log }))).toMatchObject({ code: 'sudo-password' });
    expect(asked.map((question) => question.kind === 'secret' && question.retry)).toEqual([false, true, true]);
    expect((await faultFrom(becomeRoot(ssh, facts, askNobody, { log }))).code).toBe('cancelled');
  });

  test('guest may not, and a device without sudo', async () => {
    const guest = await login('guest');
    expect(
      await faultFrom(becomeRoot(guest, await detect(guest), answers('guest-password').ask, { log })),
    ).toMatchObject({ code: 'no-sudo', message: expect.stringContaining('may not use sudo') });
    await box.ssh('mv /usr/bin/sudo /usr/bin/sudo.away');
    try {
      const facts = await detect(guest);
      expect(facts.sudo).toBe('missing');
      expect(await faultFrom(becomeRoot(guest, facts, askNobody, { log }))).toMatchObject({
        code: 'no-sudo',
        message: expect.stringContaining('no sudo'),
      });
      expect(preflight(facts).find((check) => check.id === 'root')?.state).toBe('fail');
    } finally {
      await box.ssh('mv /usr/bin/sudo.away /usr/bin/sudo');
    }
  });
});

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
    await expect.poll(() => sh(ssh, 'ls /var/lib/sonde'), { timeout: 60_000 }).toBe(artifacts.loader.name);

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
    expect((await sh(ssh, 'ls /var/lib/sonde')).split('\n')).toEqual([
      artifacts.agent.name,
      artifacts.loader.name,
      'loader-bbbbbbbbbbbb',
      artifacts.node?.name,
    ]);
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
    await expect.poll(() => kinds.has('window'), { timeout: 30_000 }).toBe(true);
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
    await expect.poll(() => seqs.length, { timeout: 30_000 }).toBeGreaterThan(2);
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
    await expect.poll(() => kinds.has('window'), { timeout: 30_000 }).toBe(true);
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
