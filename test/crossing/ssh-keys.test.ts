/** Logging in with keys: of every type and format, locked ones, and those of an SSH agent. */
import { execFileSync, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askNobody, connect } from '../../electron/ssh/index.ts';
import { allow, makeKey } from './ssh-server.ts';
import { allowed, faultFrom, login, script, server, trusted, useSshServer } from './ssh-stage.ts';

useSshServer();

describe('keys', () => {
  test.each([
    ['ed25519', 'openssh'],
    ['ecdsa', 'openssh'],
    ['rsa', 'openssh'],
    ['ecdsa', 'pem'],
    ['rsa', 'pem'],
  ] as const)('an %s key in %s format lets in, plain and with a passphrase', async (type, format) => {
    const plain = makeKey(join(server.home, `plain-${type}-${format}`), type, '', format);
    const locked = makeKey(join(server.home, `locked-${type}-${format}`), type, 'open sesame', format);
    allow(server, plain);
    allow(server, locked);
    const connection = await login(trusted({ identityFiles: [plain] }));
    expect(connection.authenticatedBy).toBe(`key ${plain}`);
    const { ask, asked } = script({ secret: ['wrong', 'open sesame'] });
    await login(trusted({ identityFiles: [locked] }), ask);
    expect(asked.map((question) => question.kind === 'secret' && [question.purpose, question.retry])).toEqual([
      ['passphrase', false],
      ['passphrase', true],
    ]);
  });

  test('no passphrase is asked for a key the device would not take', async () => {
    const locked = makeKey(join(server.home, 'stranger'), 'ed25519', 'secret');
    const { ask, asked } = script({ secret: ['secret'] });
    const fault = await faultFrom(connect(trusted({ identityFiles: [locked] }), { ask }));
    expect(fault.code).toBe('auth-failed');
    expect(fault.message).toContain(`refused key ${locked}`);
    expect(fault.message).toContain('it offers publickey');
    expect(asked).toEqual([]);
  });

  test('three wrong passphrases, a missing file and a file that is no key are key-unusable', async () => {
    const locked = makeKey(join(server.home, 'locked'), 'ed25519', 'secret');
    allow(server, locked);
    const wrong = await faultFrom(
      connect(trusted({ identityFiles: [locked] }), { ask: script({ secret: ['a', 'b', 'c'] }).ask }),
    );
    expect(wrong).toMatchObject({ code: 'key-unusable', message: expect.stringContaining('wrong 3 times') });
    const missing = await faultFrom(connect(trusted({ identityFiles: ['/nowhere/key'] }), { ask: askNobody }));
    expect(missing).toMatchObject({ code: 'key-unusable', message: expect.stringContaining('no such file') });
    const text = join(server.home, 'text');
    writeFileSync(text, 'not a key');
    expect((await faultFrom(connect(trusted({ identityFiles: [text] }), { ask: askNobody }))).code).toBe(
      'key-unusable',
    );
    expect(
      (await faultFrom(connect(trusted({ identityFiles: [`${allowed()}.pub`] }), { ask: askNobody }))).message,
    ).toContain('public key');
  });

  test('closing the passphrase question cancels; entering nothing goes on to the next key', async () => {
    const locked = makeKey(join(server.home, 'skipped'), 'ed25519', 'secret');
    allow(server, locked);
    expect((await faultFrom(connect(trusted({ identityFiles: [locked] }), { ask: askNobody }))).code).toBe('cancelled');
    const connection = await login(trusted({ identityFiles: [locked, allowed()] }), script({ secret: [''] }).ask);
    expect(connection.authenticatedBy).toBe(`key ${allowed()}`);
  });

  test('default keys of the home are found, broken ones are passed over', async () => {
    writeFileSync(join(server.home, '.ssh', 'id_ed25519'), 'broken');
    makeKey(join(server.home, '.ssh', 'id_ecdsa'), 'ecdsa');
    allow(server, join(server.home, '.ssh', 'id_ecdsa'));
    const lines: string[] = [];
    const connection = await login(trusted({ identityFiles: [] }), askNobody, (line) => lines.push(line));
    expect(connection.authenticatedBy).toContain('id_ecdsa');
    expect(lines.join('\n')).toContain('id_ed25519');
    for (const name of ['id_ed25519', 'id_ecdsa', 'id_ecdsa.pub']) rmSync(join(server.home, '.ssh', name));
  });

  test('keys of the SSH agent', async () => {
    const socket = join(server.home, 'agent.sock');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      const key = makeKey(join(server.home, 'in-agent'), 'ed25519');
      allow(server, key);
      await expect.poll(() => tryRun('ssh-add', [key], socket)).toBe(true);
      makeKey(join(server.home, 'rsa-in-agent'), 'rsa');
      allow(server, join(server.home, 'rsa-in-agent'));
      const target = trusted({ identityFiles: [] });
      const places = { ...target.places, agentSocket: socket };
      expect((await login({ ...target, places })).authenticatedBy).toContain('agent key');
      tryRun('ssh-add', ['-D'], socket);
      tryRun('ssh-add', [join(server.home, 'rsa-in-agent')], socket);
      expect((await login({ ...target, places })).authenticatedBy).toBe('agent key rsa@test');
      // A file whose key the agent holds needs no passphrase.
      execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'locked now', '-f', join(server.home, 'rsa-in-agent')]);
      const connection = await login(
        { ...target, places, identityFiles: [join(server.home, 'rsa-in-agent')] },
        askNobody,
      );
      expect(connection.authenticatedBy).toBe('agent key rsa@test');
    } finally {
      agent.kill();
    }
  });

  test('nothing to log in with says so', async () => {
    const fault = await faultFrom(connect(trusted({ identityFiles: [] }), { ask: askNobody }));
    expect(fault).toMatchObject({ code: 'auth-failed', message: expect.stringContaining('nothing to log in with') });
    expect(fault.hint).toContain('ssh-copy-id');
  });
});

function tryRun(command: string, args: string[], socket: string): boolean {
  try {
    execFileSync(command, args, { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
