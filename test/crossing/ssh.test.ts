import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  askNobody,
  type Ask,
  connect,
  type Question,
  type SshConnection,
  type SshTarget,
} from '../../electron/ssh/index.ts';
import { faultOf, type FaultCode } from '../../remote-agent/protocol/fault.ts';
import { allow, freePort, makeKey, type SshServer, startSshServer } from './ssh-server.ts';

/** Answers by kind of question and remembers what was asked. */
function script(answers: { hostKey?: boolean | null; secret?: (string | null)[] }): { ask: Ask; asked: Question[] } {
  const asked: Question[] = [];
  const secrets = [...(answers.secret ?? [])];
  const ask: Ask = (question) => {
    asked.push(question);
    return Promise.resolve(question.kind === 'host-key' ? (answers.hostKey ?? null) : (secrets.shift() ?? null));
  };
  return { ask, asked };
}

async function faultFrom(promise: Promise<unknown>): Promise<{ code: FaultCode; message: string; hint: string }> {
  try {
    await promise;
  } catch (error) {
    const fault = faultOf(error);
    if (fault) return { code: fault.code, message: fault.message, hint: fault.hint ?? '' };
    throw error;
  }
  throw new Error('it worked');
}

let server: SshServer;
const open: SshConnection[] = [];
async function login(
  target: SshTarget,
  ask: Ask = script({ hostKey: true }).ask,
  log?: (line: string) => void,
): Promise<SshConnection> {
  const connection = await connect(target, { ask, log });
  open.push(connection);
  return connection;
}

beforeAll(async () => {
  server = await startSshServer([], ['ed25519', 'ecdsa', 'rsa']);
  allow(server, makeKey(join(server.home, 'allowed'), 'ed25519'));
});
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});
afterAll(() => server.stop());
beforeEach(() => {
  for (const name of ['known_hosts', 'config']) rmSync(join(server.home, '.ssh', name), { force: true });
});
const allowed = (): string => join(server.home, 'allowed');
function config(text: string): void {
  writeFileSync(join(server.home, '.ssh', 'config'), text);
  chmodSync(join(server.home, '.ssh', 'config'), 0o600);
}
const trusted = (more: Partial<SshTarget> = {}): SshTarget =>
  server.target({ identityFiles: [allowed()], acceptHostKey: server.fingerprint('ed25519'), ...more });

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
    rmSync(server.knownHosts, { recursive: true });
  });
});

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

describe('commands', () => {
  test('exec gives code, both outputs, and takes standard input', async () => {
    const connection = await login(trusted());
    const big = Buffer.alloc(3_000_000, 'sonde ');
    const echoed = await connection.exec('cat; echo words >&2; exit 7', { stdin: big });
    expect(echoed).toMatchObject({ code: 7, signal: null, truncated: false });
    expect(echoed.stdout.equals(big)).toBe(true);
    expect(echoed.stderr.toString()).toBe('words\n');
    expect(await connection.exec('kill -9 $$')).toMatchObject({ code: null, signal: 'SIGKILL' });
    const cut = await connection.exec('head -c 100000 /dev/zero', { maxOutput: 1000 });
    expect([cut.stdout.length, cut.truncated]).toEqual([1000, true]);
  });

  test('a command that does not read its input ends all the same', async () => {
    const connection = await login(trusted());
    expect((await connection.exec('exit 3', { stdin: Buffer.alloc(8_000_000) })).code).toBe(3);
    const channel = await connection.spawn('exec sleep 0.2');
    channel.stdout.resume();
    const failed = await new Promise<unknown>((resolve) => {
      channel.stdin.on('error', resolve);
      const write = (): void => void channel.stdin.write(Buffer.alloc(1 << 20), () => setImmediate(write));
      write();
    });
    expect(String(failed)).toContain('ended');
  });

  test('abort and timeout end the far side too', async () => {
    const connection = await login(trusted());
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    expect((await faultFrom(connection.exec('exec sleep 2', { signal: abort.signal }))).code).toBe('cancelled');
    expect((await faultFrom(connection.exec('exec sleep 2', { timeoutMs: 100 }))).code).toBe('link-lost');
    const spawned = new AbortController();
    const channel = await connection.spawn('exec cat - /dev/null', { signal: spawned.signal });
    channel.stdout.resume();
    spawned.abort();
    await channel.exit;
    await expect
      .poll(async () => (await connection.exec('pgrep -xf "cat - /dev/null"')).stdout.toString(), { timeout: 5000 })
      .toBe('');
  });

  test('spawn is a two-way stream', async () => {
    const connection = await login(trusted());
    const channel = await connection.spawn('while read -r line; do echo "got $line"; done; echo bye >&2');
    const first = new Promise<string>((resolve) =>
      channel.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    channel.stdin.write('one\n');
    expect(await first).toBe('got one\n');
    const words = new Promise<string>((resolve) =>
      channel.stderr.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    channel.stdout.resume();
    channel.stdin.end();
    expect(await words).toBe('bye\n');
    expect(await channel.exit).toEqual({ code: 0, signal: null });
  });

  test('the end of the link ends commands, tells listeners, and refuses new ones', async () => {
    const connection = await login(trusted());
    expect(connection.serverVersion).toContain('OpenSSH');
    expect(connection.remoteAddress).toBe(`127.0.0.1:${server.port}`);
    expect(await connection.rttMs()).toBeLessThan(1000);
    const running = faultFrom(connection.exec('sleep 100'));
    const told = new Promise((resolve) => connection.onClose((why) => resolve(why?.code)));
    const { stdout } = await connection.exec('echo $PPID');
    process.kill(Number(stdout.toString()), 'SIGKILL');
    expect(await told).toBe('link-lost');
    expect((await running).code).toBe('link-lost');
    expect((await faultFrom(connection.exec('true'))).code).toBe('link-lost');
    const other = await login(trusted());
    await other.close();
    expect(await other.closed).toBe(null);
  });

  test('a frozen device is noticed, a slow one is not cut', async () => {
    const connection = await login(trusted());
    const { stdout } = await connection.exec('echo $PPID');
    const pid = Number(stdout.toString());
    process.kill(pid, 'SIGSTOP');
    try {
      const began = Date.now();
      const why = await connection.closed;
      expect(why).toMatchObject({ code: 'link-lost', message: expect.stringContaining('no sign of life') });
      expect(Date.now() - began).toBeGreaterThan(20_000);
      expect(Date.now() - began).toBeLessThan(45_000);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });

  test('a frozen device does not hold up the end, also behind a jump host', async () => {
    const inner = await startSshServer();
    allow(inner, allowed());
    config(
      `Host inner\n  HostName 127.0.0.1\n  Port ${inner.port}\n  ProxyJump jump\nHost jump\n  HostName 127.0.0.1\n  Port ${server.port}\nHost *\n  User ${server.user}\n`,
    );
    const frozen: number[] = [];
    /** Its answer to a goodbye never comes. */
    const freeze = async (connection: SshConnection) => {
      const { stdout } = await connection.exec('echo $PPID');
      frozen.push(Number(stdout.toString()));
      process.kill(frozen.at(-1) ?? 0, 'SIGSTOP');
    };
    try {
      const { ask } = script({ hostKey: true });
      const behind = await login(server.target({ destination: 'inner', identityFiles: [allowed()] }), ask);
      for (const connection of [await login(trusted()), behind]) {
        await freeze(connection);
        await connection.close();
        expect(await connection.closed).toBe(null);
      }
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGKILL');
      await inner.stop();
    }
  });

  test('no secret is in the log', async () => {
    const locked = makeKey(join(server.home, 'quiet'), 'ed25519', 'hunter2hunter2');
    allow(server, locked);
    const lines: string[] = [];
    await login(trusted({ identityFiles: [locked] }), script({ secret: ['hunter2hunter2'] }).ask, (line) =>
      lines.push(line),
    );
    expect(lines.join('\n')).not.toContain('hunter2');
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
