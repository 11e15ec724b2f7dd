/** The bundled agent as it runs on a device, with a scripted loader, over its real socket. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PARTS } from '../../build/bundle/parts.mjs';
import { encodePreamble, serveCommand, type WindowSignal } from '../../remote-agent/protocol/index.ts';
import { AgentClient } from '../unit/agent/agent-client.ts';

const LOADER = fileURLToPath(new URL('../unit/agent/scripted-loader.mjs', import.meta.url));
const ENTRY = fileURLToPath(new URL('../../remote-agent/agent/main.ts', import.meta.url));
/** Bundled as for users. */
const AGENT_OPTIONS = PARTS.find(({ name }) => name === 'agent')?.options as BuildOptions;
const MAX_BUNDLE_BYTES = 500 << 10;

let folder: string;
let runDir: string;
let script: string;
let agent: ChildProcess;
let words: string;
let bundle: string;
const clients: AgentClient[] = [];

beforeAll(async () => {
  bundle = `${mkdtempSync(`${tmpdir()}/sonde-bundle-`)}/agent.cjs`;
  await build({
    entryPoints: [ENTRY],
    ...AGENT_OPTIONS,
    bundle: true,
    minify: true,
    outfile: bundle,
    logLevel: 'error',
  });
  return () => rmSync(dirname(bundle), { recursive: true });
});

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sonde-agent-`);
  runDir = mkdtempSync(`${folder}/run-`);
  script = `${folder}/script.json`;
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.cut();
  if (agent.exitCode === null && agent.signalCode === null) {
    agent.kill('SIGKILL');
    await exit();
  }
  rmSync(folder, { recursive: true, force: true });
});

const exit = () =>
  new Promise<number | null>((resolve) =>
    agent.exitCode !== null || agent.signalCode !== null ? resolve(agent.exitCode) : agent.once('exit', resolve),
  );

async function startAgent(
  launches: unknown[][],
  { leaseS = 30, kallsyms = undefined as unknown } = {},
): Promise<string> {
  writeFileSync(script, JSON.stringify({ launches, kallsyms }));
  const [node = '', ...args] = serveCommand({ node: process.execPath, agent: bundle, loader: LOADER, runDir, leaseS });
  words = '';
  agent = spawn(node, args, { env: { ...process.env, SONDE_SCRIPT: script }, stdio: ['ignore', 'pipe', 'pipe'] });
  agent.stderr?.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  const sock = `${runDir}/sock`;
  for (let i = 0; i < 500 && !existsSync(sock); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  return sock;
}

function newClient(): AgentClient {
  const client = new AgentClient();
  clients.push(client);
  return client;
}

const startProbe = (options: Record<string, string> = {}, probe = 'cpu-profile') =>
  ({ case: 'startProbe', value: { probe, options } }) as const;
const windows = (client: AgentClient) =>
  client.signals.filter((signal): signal is WindowSignal => signal.kind === 'window');
const kept = (client: AgentClient) => windows(client).reduce((sum, { counters }) => sum + counters.kept, 0);
const inRows = (client: AgentClient) =>
  windows(client).reduce((sum, { columns }) => sum + [...(columns[3] as Uint32Array)].reduce((a, b) => a + b, 0), 0);

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
      what: { kind: 'started', options: { hz: '49', 'map-mb': '16' }, mapBytes: 8192, cpus: 4 },
    });
    expect(JSON.parse(readFileSync(`${script}.options`, 'utf8'))).toEqual(['--hz', '49', '--map-mb', '16']);
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

describe('a cut link', () => {
  const busy = [
    [{ ready: true }, { every: 20, repeat: { rows: [{ tgid: 2, comm: 'kthreadd', samples: 5 }], extra: { idle: 7 } } }],
  ];

  it('loses and doubles nothing, however often it is cut', async () => {
    const sock = await startAgent(busy);
    const client = newClient();
    for (let round = 0; round < 8; round++) {
      client.isAcking = round % 2 === 0;
      await client.join(sock);
      if (round === 0) client.say(startProbe());
      const before = client.lastSeq;
      await client.until('records', () => client.lastSeq > before + 5n);
      client.cut();
      await new Promise((resolve) => setTimeout(resolve, round * 20));
    }
    client.isAcking = true;
    await client.join(sock);
    client.say({ case: 'stopProbe', value: { probe: 'cpu-profile' } });
    await client.until('stop', () =>
      client.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'stopped'),
    );
    // Each batch has 5 samples and follows the one before without a gap: as many as the time they cover.
    const spans = windows(client);
    for (const [i, { fromNs }] of spans.entries()) if (i > 0) expect(fromNs).toBe(spans[i - 1]?.toNs);
    const seconds = ((spans.at(-1)?.toNs ?? 0) - (spans[0]?.fromNs ?? 0)) / 1e9;
    expect(kept(client)).toBe(seconds * 5);
    expect(inRows(client)).toBe(seconds * 5);
    expect(windows(client).reduce((sum, { counters }) => sum + counters.idle, 0)).toBe(seconds * 7);
  });

  it('without confirmations makes windows coarser, not fewer', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ tgid: 2, tid: 10_000 + i, comm: 'kthreadd', samples: 5 }));
    const sock = await startAgent([[{ ready: true }, { every: 5, repeat: { rows } }]]);
    const client = newClient();
    client.isAcking = false;
    await client.join(sock);
    client.say(startProbe());
    // 256 KiB unconfirmed are some 100 such windows; then it waits.
    await client.until('a full link', () => client.lastSeq > 50n);
    let before = 0n;
    while (before !== client.lastSeq) {
      before = client.lastSeq;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    client.isAcking = true;
    client.say({ case: 'ack', value: { seq: client.lastSeq } });
    client.say({ case: 'stopProbe', value: { probe: 'cpu-profile' } });
    await client.until('stop', () =>
      client.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'stopped'),
    );
    const spans = windows(client);
    const merged = spans.reduce((most, { drains }) => Math.max(most, drains), 0);
    expect(merged).toBeGreaterThan(20);
    const batches = spans.reduce((sum, { drains }) => sum + drains, 0);
    expect(kept(client)).toBe(batches * 2000);
    expect(inRows(client)).toBe(batches * 2000);
    expect((spans.at(-1)?.toNs ?? 0) / 1e9).toBeCloseTo(batches, 3);
  });

  it('for too long costs detail, and says how much', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ tgid: 2, tid: 10_000 + i, comm: 'kthreadd', samples: 5 }));
    const sock = await startAgent([[{ ready: true }, { every: 20, repeat: { rows }, strangers: true }]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('window', () => windows(client)[0]);
    client.cut();
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    await client.join(sock);
    client.say({ case: 'stopProbe', value: { probe: 'cpu-profile' } });
    await client.until('stop', () =>
      client.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'stopped'),
    );
    const spans = windows(client);
    for (const [i, { fromNs }] of spans.entries()) if (i > 0) expect(fromNs).toBe(spans[i - 1]?.toNs);
    const seen = spans.reduce((sum, { counters }) => sum + counters.seen, 0);
    const lost = spans.flatMap(({ counters }) => counters.lost);
    expect(new Set(lost.map(({ cause }) => cause))).toEqual(new Set(['spool-full']));
    expect(seen).toBe(Math.round((spans.at(-1)?.toNs ?? 0) / 1e9) * 2000);
    expect(kept(client) + lost.reduce((sum, { count }) => sum + count, 0)).toBe(seen);
    expect(inRows(client)).toBe(kept(client));
    expect(kept(client)).toBeGreaterThan(0);
  });

  it('ends the agent after its lease, and everything is put away', async () => {
    const sock = await startAgent(busy);
    const client = newClient();
    await client.join(sock, 1);
    client.say(startProbe());
    await client.until('window', () => windows(client)[0]);
    client.cut();
    expect(await exit()).toBe(0);
    expect(existsSync(runDir)).toBe(false);
    expect(words).toContain('did not come back');
  });

  it('is taken over by the same client, and by no other', async () => {
    const sock = await startAgent([[]]);
    const first = newClient();
    await first.join(sock);
    await first.until('welcome', () => first.runId.length);
    const stranger = newClient();
    await stranger.join(sock);
    await stranger.until('fault', () => stranger.bodies('fault')[0]);
    expect(stranger.bodies('fault')[0]).toMatchObject({ code: 'agent-start' });
    const liar = newClient();
    liar.runId = new Uint8Array(16);
    await liar.join(sock);
    await liar.until('fault', () => liar.bodies('fault')[0]);
    expect(liar.bodies('fault')[0]).toMatchObject({ code: 'out-of-sync' });
    const again = newClient();
    again.runId = first.runId;
    again.lastSeq = first.lastSeq;
    await again.join(sock);
    await again.until('welcome', () => again.bodies('welcome')[0]);
    await first.until('end', () => first.isClosed);
  });

  it('followed by a new client is a new run', async () => {
    const sock = await startAgent(busy);
    const first = newClient();
    await first.join(sock);
    first.say(startProbe());
    await first.until('window', () => windows(first)[0]);
    first.cut();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = newClient();
    await second.join(sock);
    await second.until('device', () => second.signals[0]);
    expect(second.runId).not.toEqual(first.runId);
    expect(second.lastSeq).toBeGreaterThanOrEqual(1n);
    second.say(startProbe());
    await second.until('window', () => windows(second)[0]);
  });
});

describe('a loader', () => {
  it('that crashes is started again, three times a minute', async () => {
    const rows = [{ tgid: 2, comm: 'kthreadd' }];
    const sock = await startAgent([
      [
        { ready: true },
        { batch: { number: 0, from: 1, to: 2, rows } },
        { raw: '20000000' },
        { sleep: 50 },
        { exit: 9 },
      ],
    ]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    const kinds = () => client.signals.flatMap((signal) => (signal.kind === 'probe' ? [signal.what.kind] : []));
    await client.until('giving up', () => kinds().includes('failed'), 20_000);
    expect(kinds()).toEqual(['started', 'restarted', 'restarted', 'restarted', 'failed']);
    expect(kept(client)).toBe(4);
  });

  it('that sends a batch again is counted once, and an unfinished batch not at all', async () => {
    const rows = [{ tgid: 2, comm: 'kthreadd', samples: 4 }];
    const one = { batch: { number: 1, from: 2, to: 3, rows } };
    // The beginning of batch 2, its worker dies, the next one sends 1 and 2 whole.
    const begun = { raw: '10000000020000000200000000000000' + '03000000000000000400000000000000' };
    const sock = await startAgent([
      [
        { ready: true },
        { batch: { number: 0, from: 1, to: 2, rows } },
        one,
        begun,
        { worker: 9 },
        one,
        { batch: { number: 2, from: 3, to: 4, rows } },
      ],
    ]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('three windows', () => windows(client).length === 3);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(windows(client).map(({ fromNs, toNs }) => [fromNs, toNs])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    expect(kept(client)).toBe(12);
  });

  it('that does not listen is killed', async () => {
    const sock = await startAgent([[{ deaf: true }, { ready: true }]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('start', () => client.signals.find((signal) => signal.kind === 'probe'));
    client.say({ case: 'shutdown', value: { reason: 'enough' } });
    await client.until('farewell', () => client.bodies('farewell')[0], 12_000);
    expect(await exit()).toBe(0);
  });

  it('that talks nonsense is stopped with a reason', async () => {
    const sock = await startAgent([[{ ready: true }, { raw: 'ffffffff0400000000000000000000000000' }]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    const failed = await client.until('fault', () =>
      client.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'failed'),
    );
    expect(failed).toMatchObject({ what: { fault: { code: 'out-of-sync' } } });
  });
});

describe('calls', () => {
  /** Two threads on two CPUs each, one of them failing; 35 calls a batch. */
  const rows = [
    { tgid: 42, tid: 43, comm: 'worker', call: 0x1000000, calls: 10, total: 90_000, longest: 20_000 },
    { tgid: 42, tid: 43, comm: 'worker', call: 0x1000000, calls: 5, total: 50_000, longest: 30_000, cpu: 1 },
    { tgid: 42, tid: 44, comm: 'worker', call: 0x1000001, errno: 9, bucket: 255, calls: 20, total: 0, longest: 0 },
  ];
  /** Per thread, call, errno and bucket: calls, total and longest. */
  const totals = (client: AgentClient) => {
    const sums = new Map<string, [number, number, number]>();
    for (const { probe, columns, rows: count } of windows(client))
      for (let row = 0; probe === 'syscalls' && row < count; row++) {
        const cells = columns.map((column) => Number(column[row]));
        const [calls = 0, total = 0, longest = 0] = cells.splice(4);
        const old = sums.get(cells.join(' ')) ?? [0, 0, 0];
        sums.set(cells.join(' '), [old[0] + calls, old[1] + total, Math.max(old[2], longest)]);
      }
    return sums;
  };
  const stopped = (client: AgentClient, probe: string) =>
    client.signals.find(
      (signal) => signal.kind === 'probe' && signal.probe === probe && signal.what.kind === 'stopped',
    );

  it('are exact through cuts and merged windows', async () => {
    const sock = await startAgent([[{ ready: true }, { every: 5, repeat: { rows } }]]);
    const client = newClient();
    for (let round = 0; round < 5; round++) {
      // Unconfirmed records fill the link, and what waits is merged.
      client.isAcking = round % 2 === 0;
      await client.join(sock);
      if (round === 0) client.say(startProbe({}, 'syscalls'));
      const before = client.lastSeq;
      await client.until('records', () => client.lastSeq > before + 20n);
      client.cut();
      await new Promise((resolve) => setTimeout(resolve, round * 200));
    }
    client.isAcking = true;
    await client.join(sock);
    client.say({ case: 'stopProbe', value: { probe: 'syscalls' } });
    await client.until('stop', () => stopped(client, 'syscalls'));
    const batches = windows(client).reduce((sum, { drains }) => sum + drains, 0);
    expect(kept(client)).toBe(batches * 35);
    expect(totals(client)).toEqual(
      new Map([
        [`1 ${0x1000000} 0 10`, [batches * 15, batches * 140_000, 30_000]],
        [`2 ${0x1000001} 9 255`, [batches * 20, 0, 0]],
      ]),
    );
    expect((windows(client).at(-1)?.toNs ?? 0) / 1e9).toBeCloseTo(batches, 3);
  });

  it('of a worker that died are counted once', async () => {
    const [one, two] = [{ batch: { number: 0, from: 1, to: 2, rows } }, { batch: { number: 1, from: 2, to: 3, rows } }];
    const sock = await startAgent([[{ ready: true }, one, { worker: 9 }, one, two, { worker: 9 }, two]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe({}, 'syscalls'));
    await client.until('two windows', () => windows(client).length === 2);
    client.say({ case: 'stopProbe', value: { probe: 'syscalls' } });
    await client.until('stop', () => stopped(client, 'syscalls'));
    expect(kept(client)).toBe(70);
    expect([...totals(client).values()]).toEqual([
      [30, 280_000, 30_000],
      [40, 0, 0],
    ]);
  });

  it('and samples of the same threads have the same thread ids', async () => {
    const samples = [
      { tgid: 42, tid: 43, comm: 'worker', samples: 5 },
      { tgid: 42, tid: 44, comm: 'worker', samples: 5 },
    ];
    const sock = await startAgent([
      [{ ready: true }, { batch: { number: 0, from: 1, to: 2, rows: samples } }],
      [{ ready: true }, { batch: { number: 0, from: 1, to: 2, rows } }],
    ]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('samples', () => windows(client).length === 1);
    client.say(startProbe({}, 'syscalls'));
    await client.until('calls', () => windows(client).length === 2);
    expect(windows(client).map(({ probe, columns }) => [probe, ...(columns[0] as Uint32Array)])).toEqual([
      ['cpu-profile', 1, 2],
      ['syscalls', 1, 2],
    ]);
  });
});

describe('the agent', () => {
  it('is a small bundle that knows its version', async () => {
    expect(statSync(bundle).size).toBeLessThan(MAX_BUNDLE_BYTES);
    agent = spawn(process.execPath, [bundle, 'version'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    agent.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    expect(await exit()).toBe(0);
    expect(text).toMatch(/^\d+\.\d+\.\d+\n$/);
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
      const [node = '', ...args] = serveCommand({
        node: process.execPath,
        agent: bundle,
        loader: LOADER,
        runDir: dir,
        leaseS: 30,
      });
      words = '';
      agent = spawn(node, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      agent.stderr?.on('data', (chunk: Buffer) => {
        words += chunk.toString();
      });
      expect(await exit()).toBe(1);
      expect(words).toContain(what);
    }
  });
});
