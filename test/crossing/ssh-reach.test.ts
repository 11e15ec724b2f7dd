/** The way to a device: ~/.ssh/config, jump hosts, and why there is none. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askNobody, type Ask, connect } from '../../electron/ssh/index.ts';
import { allow, freePort, startSshServer } from './ssh-server.ts';
import { allowed, config, faultFrom, login, script, server, useSshServer } from './ssh-stage.ts';

useSshServer();

describe('configuration', () => {
  test('a Host of ~/.ssh/config is enough', async () => {
    mkdirSync(join(server.home, '.ssh', 'config.d'), { recursive: true });
    writeFileSync(
      join(server.home, '.ssh', 'config.d', 'box.conf'),
      `Host box\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ${server.user}\n  HostKeyAlias the-box\n  HashKnownHosts yes\n`,
    );
    config(
      `Include config.d/*.conf\nMatch exec "touch ${server.home}/ran"\n  User nobody\nHost *\n  IdentityFile %d/allowed\n  IdentitiesOnly yes\n`,
    );
    const connection = await login(server.target({ destination: 'box' }));
    expect(connection).toMatchObject({ user: server.user, host: 'box', port: server.port });
    expect(readFileSync(server.knownHosts, 'utf8')).toMatch(/^\|1\|/);
    expect(execFileSync('ssh-keygen', ['-F', 'the-box', '-f', server.knownHosts], { encoding: 'utf8' })).toContain(
      'ssh-ed25519',
    );
    expect(() => statSync(join(server.home, 'ran'))).toThrow();
  });

  test('through a jump host, each verified under its own name', async () => {
    const inner = await startSshServer([], ['ecdsa']);
    allow(inner, allowed());
    try {
      config(
        `Host inner\n  HostName 127.0.0.1\n  Port ${inner.port}\n  ProxyJump jump\nHost jump\n  HostName 127.0.0.1\n  Port ${server.port}\nHost *\n  User ${server.user}\n`,
      );
      const { ask, asked } = script({ hostKey: true });
      const connection = await login(server.target({ destination: 'inner', identityFiles: [allowed()] }), ask);
      expect(asked.map((question) => question.kind === 'host-key' && question.host)).toEqual([
        `jump:${server.port}`,
        `inner:${inner.port}`,
      ]);
      expect((await connection.exec('echo "$SSH_CONNECTION"')).stdout.toString()).toContain(String(inner.port));
      expect(await connection.rttMs()).toBeGreaterThan(0);
    } finally {
      await inner.stop();
    }
  });

  test('a jump host that cannot reach the device, a loop, and a ProxyCommand are named', async () => {
    config(
      `Host far\n  HostName 127.0.0.1\n  Port ${await freePort()}\n  ProxyJump jump\nHost jump\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ${server.user}\nHost loop\n  ProxyJump loop\nHost cmd\n  ProxyCommand nc %h %p\n`,
    );
    const far = await faultFrom(
      connect(server.target({ destination: 'far', identityFiles: [allowed()] }), {
        ask: script({ hostKey: true }).ask,
      }),
    );
    expect(far).toMatchObject({ code: 'host-unreachable', message: expect.stringContaining('through the jump host') });
    expect((await faultFrom(connect(server.target({ destination: 'loop' }), { ask: askNobody }))).message).toContain(
      'loop',
    );
    expect((await faultFrom(connect(server.target({ destination: 'cmd' }), { ask: askNobody }))).code).toBe(
      'config-invalid',
    );
  });
});

describe('unreachable', () => {
  test('a closed port, a name without address and something that is no SSH server', async () => {
    const closed = await faultFrom(
      connect(server.target({ destination: `127.0.0.1:${await freePort()}` }), { ask: askNobody }),
    );
    expect(closed).toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining('no SSH server listens there'),
    });
    const nameless = await faultFrom(
      connect(server.target({ destination: 'no-such-host.invalid' }), { ask: askNobody }),
    );
    expect(nameless).toMatchObject({ code: 'host-unreachable' });
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    const { port } = await new Promise<{ port: number }>((resolve) =>
      web.once('listening', () => resolve(web.address() as { port: number })),
    );
    expect(
      await faultFrom(connect(server.target({ destination: `127.0.0.1:${port}` }), { ask: askNobody })),
    ).toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining('does not speak SSH'),
    });
    web.close();
  });

  test('no algorithm in common', async () => {
    const odd = await startSshServer(['KexAlgorithms diffie-hellman-group18-sha512']);
    try {
      const fault = await faultFrom(
        connect(odd.target({ identityFiles: [allowed()], acceptHostKey: odd.fingerprint('ed25519') }), {
          ask: askNobody,
        }),
      );
      expect(fault).toMatchObject({ code: 'no-compatible-kex', message: expect.stringContaining('key exchange') });
    } finally {
      await odd.stop();
    }
  });

  test('cancelled while the user is being asked, and before', async () => {
    const abort = new AbortController();
    const ask: Ask = () => {
      setTimeout(() => abort.abort(), 10);
      return new Promise(() => {});
    };
    expect(
      (await faultFrom(connect(server.target({ identityFiles: [allowed()] }), { ask, signal: abort.signal }))).code,
    ).toBe('cancelled');
    expect((await faultFrom(connect(server.target(), { ask: askNobody, signal: AbortSignal.abort() }))).code).toBe(
      'cancelled',
    );
  });
});
