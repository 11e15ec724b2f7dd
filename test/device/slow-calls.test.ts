// Single system calls through the whole chain: kernel, loader, agent, relay, ssh, and a client that puts windows together.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  callFacts,
  type Counters,
  describeCall,
  deviceText,
  errnoName,
  resultOf,
  type Signal,
  syscallCode,
  syscallCodes,
  syscallName,
  tablesOfMachine,
} from '../../remote-agent/protocol/index.ts';
import { AgentView } from '../unit/agent/agent-view.ts';
import { AgentSession } from './agent-session.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { makeCalls } from './calls-checks.ts';
import { BUILD_AND_BOOT_MS, bring, LOADER } from './loader-checks.ts';
import { LoaderSession } from './loader-session.ts';

interface CallRow {
  readonly window: number;
  readonly pid: number;
  readonly tid: number;
  readonly comm: string;
  readonly call: string;
  readonly text: string;
  readonly begun: number;
  readonly finished: number;
  readonly duration: number;
  readonly errno: string;
  readonly result: bigint;
  readonly stack: number;
}

const windowsOf = (view: AgentView) => view.windows.filter(({ probe }) => probe === 'slow-syscalls');

function rowsOf(view: AgentView): CallRow[] {
  return windowsOf(view).flatMap(({ columns, rows }, window) =>
    Array.from({ length: rows }, (_, row) => {
      const [thread = 0, code = 0, begun = 0, finished = 0, duration = 0, errno = 0] = columns.map((column) =>
        Number(column[row]),
      );
      const [result, args, path, file] = [6, 8, 9, 10].map((column) => columns[column]?.[row] as Uint8Array);
      const [pathText, fileText] = [path, file].map((bytes) => deviceText(bytes ?? new Uint8Array(0), 256));
      const { tid = 0, comm = '', process = 0 } = view.threads[thread - 1] ?? {};
      return {
        window,
        pid: view.processes[process - 1]?.pid ?? 0,
        tid,
        comm,
        call: syscallName(code),
        text: describeCall(code, args ?? new Uint8Array(0), pathText ?? '', fileText ?? ''),
        begun,
        finished,
        duration,
        errno: errno === 0 ? '' : errnoName(errno),
        result: resultOf(result ?? new Uint8Array(0)),
        stack: Number(columns[7]?.[row]),
      };
    }),
  );
}

/** What holds of windows however they were cut and merged; returns their counters added up. */
function expectWhole(view: AgentView): Pick<Counters, 'seen' | 'kept' | 'filtered'> & { limited: number } {
  const sum = { seen: 0, kept: 0, filtered: 0, limited: 0 };
  const rows = rowsOf(view);
  for (const [i, { fromNs, toNs, counters }] of windowsOf(view).entries()) {
    if (i > 0) expect(fromNs).toBe(windowsOf(view)[i - 1]?.toNs);
    const own = rows.filter(({ window }) => window === i);
    expect(own.reduce((total, { finished }) => total + finished, 0)).toBe(counters.kept);
    for (const { begun, duration } of own) expect(begun + duration).toBeLessThanOrEqual(toNs);
    const limited = counters.lost.reduce((total, { cause, count }) => {
      expect(cause).toBe('rate-limit');
      return total + count;
    }, 0);
    expect(counters.seen).toBe(counters.kept + counters.filtered + limited);
    sum.seen += counters.seen;
    sum.kept += counters.kept;
    sum.filtered += counters.filtered;
    sum.limited += limited;
  }
  return sum;
}

/** Of one byte: reading the program itself may take long too. */
const BLOCKED_READ = /^read\(\d+<pipe:\[\d+\]>, 0x[0-9a-f]+, 1\)$/;
/** Waits for a byte, then opens a FIFO that nobody writes to, each until the test says go. */
const SCRIPT = `
import os, threading, time
def when(go, work):
    while not os.path.exists(go): time.sleep(0.05)
    work()
r, w = os.pipe()
os.mkfifo('/tmp/sonde-fifo')
threading.Thread(target=when, args=('/tmp/go-read', lambda: os.write(w, b'x'))).start()
os.read(r, 1)
threading.Thread(target=when, args=('/tmp/go-open', lambda: os.close(os.open('/tmp/sonde-fifo', os.O_WRONLY)))).start()
os.close(os.open('/tmp/sonde-fifo', os.O_RDONLY))
for name in '/tmp/sonde-fifo', '/tmp/go-read', '/tmp/go-open': os.unlink(name)
print(os.getpid())
`;

const KERNELS = [
  ['the usual kernel', {}],
  ['an old kernel without BTF', { kernel: '5.10', hideBtf: true }],
] as const;

describe.each(KERNELS)('slow and failing calls on %s', (_name, kernel) => {
  let box: Box;
  let session: AgentSession;
  beforeAll(async () => {
    box = await bootBox({ variant: 'node', ...kernel, log: console.error });
    await AgentSession.install(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());
  beforeEach(async () => {
    session = await AgentSession.start(box, { leaseS: 120 });
  });
  afterEach(() => session.end());

  /** Of what came since the probe was started last. */
  const viewNow = () => {
    const { signals } = session.client;
    const start = signals.findLastIndex(
      (signal) => signal.kind === 'probe' && signal.probe === 'slow-syscalls' && signal.what.kind === 'started',
    );
    return new AgentView(signals.filter((signal, i) => signal.kind !== 'window' || i > start));
  };
  async function moreWindows(count: number): Promise<void> {
    const before = windowsOf(viewNow()).length;
    await session.client.until('windows', () => windowsOf(viewNow()).length >= before + count, 120_000);
  }
  async function watch(options: Record<string, string>): Promise<void> {
    const isStarted = (signal: Signal) => signal.kind === 'probe' && signal.what.kind === 'started';
    const starts = () => session.client.signals.filter(isStarted).length;
    const before = starts();
    session.startProbe(options, 'slow-syscalls');
    await session.client.until('start', () => starts() > before, 60_000);
    await moreWindows(1);
  }
  async function result(): Promise<AgentView> {
    await moreWindows(2);
    await session.stopProbe('slow-syscalls');
    return viewNow();
  }

  test('that block are told while they do, and then once as returned, also by another worker', async () => {
    await watch({});
    const made = box.ssh('python3 -', { input: SCRIPT });
    const windowsWith = (part: RegExp) =>
      rowsOf(viewNow()).filter(({ comm, text }) => comm === 'python3' && part.test(text)).length;
    await session.client.until('a read in two windows', () => windowsWith(BLOCKED_READ) >= 2, 120_000);
    await box.ssh('touch /tmp/go-read');
    await session.client.until('an open in progress', () => windowsWith(/^openat.*sonde-fifo/) >= 1, 120_000);
    await box.ssh("kill -9 $(pgrep -P $(pgrep -o -f '[/]opt/sonde/loader run slow-syscalls'))");
    const before = windowsWith(/^openat.*sonde-fifo/);
    await session.client.until('it still is', () => windowsWith(/^openat.*sonde-fifo/) > before, 120_000);
    await box.ssh('touch /tmp/go-open');
    const { code, stdout, stderr } = await made;
    expect(code, stderr).toBe(0);
    const view = await result();
    expectWhole(view);
    const own = rowsOf(view).filter(({ pid }) => pid === Number(stdout));
    const read = own.filter(({ text }) => BLOCKED_READ.test(text));
    const open = own.filter(({ text }) => text === 'openat(AT_FDCWD, "/tmp/sonde-fifo", O_RDONLY|O_CLOEXEC)');
    for (const rows of [read, open]) {
      expect(rows.length, 'in progress for two windows, then returned').toBeGreaterThan(2);
      expect(new Set(rows.map(({ begun }) => begun)).size).toBe(1);
      expect(rows.map(({ finished }) => finished)).toEqual([...rows.slice(1).map(() => 0), 1]);
      const durations = rows.map(({ duration }) => duration);
      expect(durations).toEqual(durations.toSorted((a, b) => a - b));
    }
    expect(read[0]?.text).toMatch(BLOCKED_READ);
    expect(read.at(-1)?.result).toBe(1n);
    expect(open.at(-1)?.result).toBeGreaterThan(2n);
  });

  test('that fail are told with error and path, every one', async () => {
    await watch({ 'min-us': '0', errno: 'ENOENT', calls: 'openat,read', 'per-second': '5000' });
    const truth = await makeCalls(box, '--calls 4000 --threads 2 --sleeps 0 --blocks 0');
    const view = await result();
    expect(expectWhole(view).limited).toBe(0);
    for (const { tid, calls } of truth.threads) {
      const own = rowsOf(view).filter((row) => row.pid === truth.pid && row.tid === tid);
      expect(new Set(own.map(({ text }) => text))).toEqual(new Set(['openat(AT_FDCWD, "/nowhere/at/all", O_RDONLY)']));
      expect(new Set(own.map(({ errno, result: code }) => `${errno} ${code}`))).toEqual(new Set(['ENOENT -2']));
      expect(own).toHaveLength(calls['openat 2'] ?? Number.NaN);
    }
  });

  test('that only wait are left out, unless they are asked for', async () => {
    const sleeps = async (options: Record<string, string>) => {
      await watch({ 'min-us': '2000', ...options });
      const truth = await makeCalls(box, '--calls 40 --threads 1 --sleeps 8 --sleep-us 3000 --blocks 0');
      const view = await result();
      expectWhole(view);
      const calls = rowsOf(view).filter(({ pid, tid }) => pid === truth.pid && tid === truth.threads[0]?.tid);
      return calls.filter(({ call, finished }) => call === 'clock_nanosleep' && finished === 1).length;
    };
    expect(await sleeps({})).toBe(0);
    expect(await sleeps({ waiting: '1' })).toBe(8);
    expect(await sleeps({ waiting: '0', calls: 'clock_nanosleep' })).toBe(8);
  });

  test('that are too many are counted', async () => {
    await watch({ 'min-us': '0', calls: 'getppid', 'per-second': '50' });
    const from = windowsOf(viewNow()).length;
    const truth = await makeCalls(box, '--calls 40000 --threads 4 --sleeps 0 --blocks 0');
    const view = await result();
    const { kept, limited, filtered } = expectWhole(view);
    const made = truth.threads.reduce((sum, { calls }) => sum + (calls['getppid 0'] ?? 0), 0);
    expect(made).toBe(10_000);
    expect(kept + limited).toBeGreaterThanOrEqual(made);
    expect(limited).toBeGreaterThan(made / 2);
    expect(filtered).toBeGreaterThan(30_000);
    const seconds = windowsOf(view)
      .slice(from)
      .reduce((sum, { fromNs, toNs }) => sum + (toNs - fromNs) / 1e9, 0); // prettier-ignore
    expect(kept).toBeLessThanOrEqual(50 * (seconds + 2) + 8);
  });

  test('that are of a filter that fits nobody leave nothing, and count it', async () => {
    await watch({ 'min-us': '0', errno: 'any', pid: '4194304' });
    const view = await result();
    const { kept, filtered } = expectWhole(view);
    expect([kept, rowsOf(view).length]).toEqual([0, 0]);
    expect(filtered).toBeGreaterThan(0);
  });

  test('have the stack that made them, on request', async () => {
    await watch({ 'min-us': '0', calls: 'getppid', stacks: '1', 'per-second': '500' });
    const truth = await makeCalls(box, '--calls 4000 --threads 2 --sleeps 0 --blocks 0');
    const view = await result();
    expectWhole(view);
    const workers = new Set(truth.threads.map(({ tid }) => tid));
    const own = rowsOf(view).filter(({ pid, tid }) => pid === truth.pid && workers.has(tid));
    expect(own.length).toBeGreaterThan(100);
    const stacks = new Set(own.map(({ stack }) => stack));
    expect(stacks.has(0)).toBe(false);
    // The program may be gone when it is asked for its path: its build-id is in the stack.
    const libc = view.modules.filter(({ path }) => path.includes('libc'));
    const programs = [...stacks].map((stack) => {
      const modules = view.framesOf(stack).map(({ module }) => view.modules[module - 1]);
      return modules.findLast((module) => module !== undefined && !libc.includes(module))?.buildId;
    });
    expect(new Set(programs).size).toBe(1);
    expect(programs[0]).toMatch(/^[0-9a-f]{40}$/);
  });

  test('of a name that nobody has are refused', async () => {
    session.startProbe({ calls: 'openat,opennat' }, 'slow-syscalls');
    const failed = () =>
      session.client.signals.flatMap((signal) =>
        signal.kind === 'probe' && signal.what.kind === 'failed' ? [signal.what.fault] : [],
      );
    await session.client.until('a refusal', () => failed().length > 0, 30_000);
    expect(failed()[0]).toMatchObject({ code: 'bad-option', message: expect.stringContaining('called opennat') });
  });
});

describe('slow and failing calls on arm64', () => {
  test(
    'have the arguments that were given, the first one too, and the path',
    async () => {
      const box = await bootBox({ arch: 'arm64', hideBtf: true, log: console.error });
      try {
        await bring(box, 'aarch64');
        const tables = tablesOfMachine('aarch64');
        const wanted = `--calls ${syscallCodes('openat', tables).join()} --facts ${callFacts(tables)}`;
        const session = await LoaderSession.startSlow(box, LOADER, `${wanted} --errno 2 --min-us 0 --per-second 5000`);
        await session.gather(1);
        const truth = await makeCalls(box, '--calls 4000 --threads 2 --sleeps 0 --blocks 0');
        await session.gather(2);
        expect(await session.end()).toBe(0);
        for (const { counters: c } of session.batches)
          expect(c.seen).toBe(c.kept + c.filtered + c.lostMapFull + c.lostRateLimit);
        const workers = new Set(truth.threads.map(({ tid }) => tid));
        const own = session.batches.flatMap(({ rows }) => rows).filter(({ tid }) => workers.has(tid));
        const texts = own.map(({ table, number, args, path }) =>
          describeCall(syscallCode(table, number), args, path, ''),
        );
        expect(new Set(texts)).toEqual(new Set(['openat(AT_FDCWD, "/nowhere/at/all", O_RDONLY)']));
        expect(own).toHaveLength(truth.threads.reduce((sum, { calls }) => sum + (calls['openat 2'] ?? 0), 0));
      } finally {
        await box.stop();
      }
    },
    BUILD_AND_BOOT_MS,
  );
});
