/** Logging in and becoming root, on a real kernel with real sshd and sudo. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { becomeRoot, detect, preflight } from '../../electron/device/index.ts';
import { askNobody, connect } from '../../electron/ssh/index.ts';
import { answers, box, faultFrom, home, log, logged, login, open, sh, target, useConnectBox } from './connect-stage.ts';

const SUDO = 'ops-password';

useConnectBox();

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
    expect(root.places[0]).toMatchObject({ dir: '/var/lib/sonde-1000', state: 'ok' });
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

test('no secret was logged in all of this', () => {
  expect(logged.join('\n')).not.toMatch(/ops-password|guest-password|sonde-passphrase/);
});
