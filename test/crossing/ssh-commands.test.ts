/** What a link carries: commands, streams, and its end. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SshConnection } from '../../electron/ssh/index.ts';
import { allow, makeKey, startSshServer } from './ssh-server.ts';
import { allowed, config, faultFrom, login, script, server, trusted, useSshServer } from './ssh-stage.ts';

useSshServer();

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
