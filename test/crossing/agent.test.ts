/** The bundled agent as it runs on a device, with a scripted loader, over its real socket: a client, and itself. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodePreamble } from '../../remote-agent/protocol/index.ts';
import {
  agent,
  bundle,
  exit,
  newClient,
  runAgent,
  runDir,
  script,
  serve,
  startAgent,
  startProbe,
  useAgent,
  windows,
  words,
} from './agent-stage.ts';

const MAX_BUNDLE_BYTES = 500 << 10;

useAgent();

const KERNEL = {
  stacks: [{ hash: 1, space: 0, frames: [0xffffffff81000123n, 0xffffffff81002001n].map(String) }],
  rows: [{ tgid: 2, comm: 'kthreadd', kernel: 1, samples: 3 }],
};

describe('a client', () => {
  it('gets the device, a clock and its probe, and ends it all with Shutdown', async () => {
    const batch = { number: 0, from: 1, to: 2, ...KERNEL };
    const sock = await startAgent([[{ ready: { cpus: 4, mapBytes: 8192 } }, { batch }]], {
      kallsyms: [
        ['0xffffffff81000100', 'vfs_read'],
        ['0xffffffff81002000', 'entry'],
      ],
    });
    expect(statSync(sock).mode & 0o777).toBe(0o600);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe({ hz: '49' }));
    await client.until('window', () => windows(client)[0]);
    expect(client.signals.map(({ kind }) => kind).slice(0, 2)).toEqual(['device', 'clock']);
    expect(client.bodies('welcome')[0]).toMatchObject({ nextSeq: 1n, lostBeforeSeq: 0n, leaseS: 30, pid: agent.pid });
    const started = client.signals.find((signal) => signal.kind === 'probe');
    expect(started).toMatchObject({
      what: { kind: 'started', options: { hz: '49', 'slot-ms': '20', 'map-mb': '16' }, mapBytes: 8192, cpus: 4 },
    });
    expect(JSON.parse(readFileSync(`${script}.options`, 'utf8'))).toEqual([
      '--hz',
      '49',
      '--slot-ms',
      '20',
      '--map-mb',
      '16',
    ]);
    client.say({ case: 'ping', value: { token: 7n } });
    await client.until('pong', () => client.bodies('pong').find(({ token }) => token === 7n));
    client.say({ case: 'shutdown', value: { reason: 'done' } });
    await client.until('farewell', () => client.bodies('farewell')[0]);
    expect(await exit()).toBe(0);
    expect(existsSync(runDir)).toBe(false);
  });

  it('gets kernel names late when the table comes late', async () => {
    const sock = await startAgent([[{ ready: true }, { batch: { number: 0, from: 1, to: 2, ...KERNEL } }]], {
      kallsyms: [
        ['0xffffffff81000100', 'vfs_read'],
        ['0xffffffff81002000', 'entry'],
      ],
    });
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    const named = () =>
      client.signals.flatMap((signal) =>
        signal.kind === 'definitions' ? [...signal.names, ...signal.frames].map(({ name }) => name) : [],
      );
    await client.until('names', () => named().includes('vfs_read') && named().includes('entry'));
  });

  it('is told in words why a probe cannot run', async () => {
    const sock = await startAgent([
      [{ fault: ['kernel-no-permission', 'cannot open perf event', 'become root', 'EACCES'] }, { exit: 1 }],
    ]);
    const client = newClient();
    await client.join(sock);
    const failed = () =>
      client.signals.flatMap((signal) =>
        signal.kind === 'probe' && signal.what.kind === 'failed' ? [signal.what.fault] : [],
      );
    client.say(startProbe());
    await client.until('fault', () => failed()[0]);
    expect(failed()[0]).toEqual({
      code: 'kernel-no-permission',
      message: 'cannot open perf event',
      hint: 'become root',
      detail: 'EACCES',
      probe: 'cpu-profile',
    });
    client.say(startProbe({ hz: '100000' }));
    await client.until('second fault', () => failed()[1]);
    expect(failed()[1]).toMatchObject({ code: 'bad-option', probe: 'cpu-profile' });
    client.say({ case: 'startProbe', value: { probe: 'net', options: {} } });
    await client.until('third fault', () => failed()[2]);
    expect(failed()[2]).toMatchObject({ code: 'probe-unknown', probe: 'net' });
  });

  it('that babbles is told so and dropped; the agent goes on', async () => {
    const sock = await startAgent([[]]);
    const babbler = newClient();
    await babbler.dial(sock);
    babbler.raw(new Uint8Array(70_000).fill(65));
    await babbler.until('end', () => babbler.isClosed);
    expect(babbler.bodies('fault')[0]).toMatchObject({ code: 'out-of-sync' });
    const newer = newClient();
    await newer.dial(sock);
    newer.raw(encodePreamble({ major: 9, minor: 0 }));
    await newer.until('end', () => newer.isClosed);
    const client = newClient();
    await client.join(sock);
    await client.until('welcome', () => client.bodies('welcome')[0]);
  });

  it('that confirms what was never sent is dropped', async () => {
    const client = newClient();
    await client.join(await startAgent([[]]));
    await client.until('welcome', () => client.bodies('welcome')[0]);
    client.say({ case: 'ack', value: { seq: 1000n } });
    await client.until('end', () => client.isClosed);
    expect(client.bodies('fault')[0]).toMatchObject({ code: 'out-of-sync' });
  });
});

describe('the agent', () => {
  it('is a small bundle that knows its version', async () => {
    expect(statSync(bundle).size).toBeLessThan(MAX_BUNDLE_BYTES);
    const text = await runAgent([bundle, 'version']);
    expect(agent.exitCode).toBe(0);
    expect(text).toMatch(/^\d+\.\d+\.\d+\n$/);
    // What Node 18 on a device does not have, and ours has.
    expect(readFileSync(bundle, 'utf8')).not.toMatch(/\.(?:toSorted|toReversed|toSpliced)\(|\b(?:groupBy|fromAsync)\(/);
  });

  it('ends on SIGTERM with a farewell', async () => {
    const client = newClient();
    await client.join(await startAgent([[]]));
    await client.until('welcome', () => client.bodies('welcome')[0]);
    agent.kill('SIGTERM');
    await client.until('farewell', () => client.bodies('farewell')[0]);
    expect(await exit()).toBe(0);
    expect(existsSync(runDir)).toBe(false);
  });

  it('refuses a run directory that others may look into, and one with too long a path', async () => {
    writeFileSync(script, '{}');
    for (const [dir, what] of [
      ['/tmp', 'run directory'],
      [`${runDir}/${'x'.repeat(120)}`, 'run directory'],
    ] as const) {
      serve(dir, 30);
      expect(await exit()).toBe(1);
      expect(words).toContain(what);
    }
  });
});
