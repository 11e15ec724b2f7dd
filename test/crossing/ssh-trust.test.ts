/** Which device it is: unknown, changed, revoked and given host keys. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askNobody, connect } from '../../electron/ssh/index.ts';
import { makeKey } from './ssh-server.ts';
import { allowed, faultFrom, login, script, server, trusted, useSshServer } from './ssh-stage.ts';
import { removeFolder } from '../remove-folder.ts';

useSshServer();

describe('host keys', () => {
  test('an unknown key is asked about, kept on yes, and known the next time', async () => {
    rmSync(join(server.home, '.ssh'), { recursive: true });
    const { ask, asked } = script({ hostKey: true });
    const target = server.target({ identityFiles: [allowed()] });
    await login(target, ask);
    expect(asked).toEqual([
      {
        kind: 'host-key',
        host: `127.0.0.1:${server.port}`,
        algorithm: 'ssh-ed25519',
        fingerprint: server.fingerprint('ed25519'),
      },
    ]);
    await login(target, askNobody);
    expect(statSync(server.knownHosts).mode & 0o777).toBe(0o600);
    expect(statSync(join(server.home, '.ssh')).mode & 0o777).toBe(0o700);
    // OpenSSH's own tool finds what we wrote.
    expect(
      execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${server.port}`, '-f', server.knownHosts], { encoding: 'utf8' }),
    ).toContain('ssh-ed25519');
  });

  test.each([[false], [null]])('the answer %s refuses and keeps nothing', async (hostKey) => {
    const fault = await faultFrom(
      connect(server.target({ identityFiles: [allowed()] }), { ask: script({ hostKey }).ask }),
    );
    expect(fault.code).toBe('host-key-unknown');
    expect(() => statSync(server.knownHosts)).toThrow();
  });

  test('a changed key refuses without asking and names file, line and both fingerprints', async () => {
    const other = makeKey(join(server.home, 'other-host'), 'ed25519');
    writeFileSync(server.knownHosts, `# mine\n[127.0.0.1]:${server.port} ${readFileSync(`${other}.pub`, 'utf8')}`);
    const { ask, asked } = script({ hostKey: true });
    const fault = await faultFrom(connect(server.target({ identityFiles: [allowed()] }), { ask }));
    expect(fault.code).toBe('host-key-changed');
    expect(fault.message).toContain(`line 2 of ${server.knownHosts}`);
    expect(fault.message).toContain(server.fingerprint('ed25519'));
    expect(fault.message).toContain(execFileSync('ssh-keygen', ['-lf', other], { encoding: 'utf8' }).split(' ')[1]);
    expect(fault.hint).toContain(`-R '[127.0.0.1]:${server.port}'`);
    expect(asked).toEqual([]);
    // Nor does a given fingerprint overrule what is on file.
    expect((await faultFrom(connect(trusted(), { ask }))).code).toBe('host-key-changed');
  });

  test('the algorithm on file is preferred: a host known by its RSA or hashed ECDSA key stays known', async () => {
    for (const type of ['rsa', 'ecdsa'] as const) {
      const line = execFileSync('ssh-keyscan', ['-p', String(server.port), '-t', type, '127.0.0.1'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      writeFileSync(server.knownHosts, line);
      if (type === 'ecdsa') execFileSync('ssh-keygen', ['-q', '-H', '-f', server.knownHosts], { stdio: 'ignore' });
      const connection = await login(server.target({ identityFiles: [allowed()] }), askNobody);
      expect(connection.hostKey.fingerprint).toBe(server.fingerprint(type));
    }
  });

  test('a revoked key is refused, also where it is known', async () => {
    const line = execFileSync('ssh-keyscan', ['-p', String(server.port), '-t', 'ed25519', '127.0.0.1'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const key = line.split(' ').slice(1).join(' ');
    writeFileSync(server.knownHosts, `${line}@revoked * ${key}`);
    const fault = await faultFrom(
      connect(server.target({ identityFiles: [allowed()] }), { ask: script({ hostKey: true }).ask }),
    );
    expect(fault).toMatchObject({ code: 'host-key-changed', message: expect.stringContaining('revoked') });
  });

  test('a given fingerprint lets exactly that key in, and the key is kept', async () => {
    await login(trusted(), askNobody);
    expect(readFileSync(server.knownHosts, 'utf8')).toContain('ssh-ed25519');
    rmSync(server.knownHosts);
    const fault = await faultFrom(
      connect(trusted({ acceptHostKey: 'SHA256:AAAA' }), { ask: script({ hostKey: true }).ask }),
    );
    expect(fault).toMatchObject({ code: 'host-key-unknown', message: expect.stringContaining('SHA256:AAAA') });
  });

  test('StrictHostKeyChecking no and UserKnownHostsFile /dev/null still ask', async () => {
    writeFileSync(
      join(server.home, '.ssh', 'config'),
      'Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n',
    );
    const { ask, asked } = script({ hostKey: true });
    await login(server.target({ identityFiles: [allowed()] }), ask);
    await login(server.target({ identityFiles: [allowed()] }), ask);
    expect(asked).toHaveLength(2);
  });

  test('a known-hosts file that cannot be read is a fault, not an unknown host', async () => {
    mkdirSync(server.knownHosts);
    expect((await faultFrom(connect(trusted(), { ask: askNobody }))).code).toBe('file-io');
    removeFolder(server.knownHosts);
  });
});
