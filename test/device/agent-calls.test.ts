// System calls through the whole chain: kernel, loader, agent, relay, ssh, and a client that puts windows together.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AgentView } from '../unit/agent/agent-view.ts';
import { AgentSession } from './agent-session.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { expectLatency, expectTruth, makeCalls } from './calls-checks.ts';
import { BUILD_AND_BOOT_MS } from './loader-checks.ts';
import type { CallRow } from './loader-rows.ts';

const CUT_MS = 30_000;
const MAX_CPU_SHARE = 0.03;
const MAX_BYTES_PER_SECOND = 30_000;
const NS_PER_S = 1e9;

const viewOf = (session: AgentSession) => new AgentView(session.client.signals);
const callWindows = ({ windows }: AgentView) => windows.filter(({ probe }) => probe === 'syscalls');

/** What a client knows of each row, in the words of the loader's rows. */
function callRows(view: AgentView): CallRow[] {
  return callWindows(view).flatMap(({ columns, rows }) =>
    Array.from({ length: rows }, (_, row) => {
      const [thread = 0, call = 0, errno = 0, bucket = 0, calls = 0, total = 0, longest = 0] = columns.map((column) =>
        Number(column[row]),
      );
      const { tid = 0, comm = '', process = 0 } = view.threads[thread - 1] ?? {};
      const { pid: tgid = 0, id: life = 0 } = view.processes[process - 1] ?? {};
      const code = { table: call >>> 24, number: call & 0xffffff };
      return { tgid, tid, comm, life, cgroup: 0n, ...code, errno, bucket, calls, total, longest };
    }),
  );
}

/** What holds of windows however they were cut and merged. */
function expectWhole(view: AgentView): void {
  const windows = callWindows(view);
  for (const [i, { fromNs, columns, counters }] of windows.entries()) {
    if (i > 0) expect(fromNs).toBe(windows[i - 1]?.toNs);
    expect((columns[4] as Float64Array).reduce((sum, calls) => sum + calls, 0)).toBe(counters.kept);
    expect(counters.lost).toEqual([]);
  }
}

const restarts = (session: AgentSession) =>
  session.client.signals.flatMap((signal) =>
    signal.kind === 'probe' && signal.what.kind === 'restarted' ? [signal.what.reason] : [],
  );

async function moreWindows(session: AgentSession, count: number): Promise<void> {
  const before = callWindows(viewOf(session)).length;
  await session.client.until('windows', () => callWindows(viewOf(session)).length >= before + count, 120_000);
}

describe('system calls through the agent', () => {
  let box: Box;
  let session: AgentSession;
  beforeAll(async () => {
    box = await bootBox({ variant: 'node' });
    await AgentSession.install(box);
  }, BUILD_AND_BOOT_MS);
  afterAll(() => box?.stop());
  beforeEach(async () => {
    session = await AgentSession.start(box, { leaseS: 120 });
    // Ten thousand threads that all begin within a second have more rows than the default memory holds.
    session.startProbe({ 'map-mb': '128' }, 'syscalls');
    await moreWindows(session, 1);
  });
  afterEach(() => session.end());

  test('are exact: a million of them, while the link is cut for 30 s and the drain worker is killed three times', async () => {
    const made = makeCalls(box, '--sleeps 2000 --sleep-us 5000');
    session.cut();
    const cutMs = performance.now();
    for (let i = 0; i < 3; i++) {
      // The keeper is the older of the two, the worker its child.
      const { code, stderr } = await box.ssh(
        "kill -9 $(pgrep -P $(pgrep -o -f '[/]opt/sonde/loader run syscalls')) && sleep 2",
      );
      expect(code, stderr).toBe(0);
    }
    await new Promise((resolve) => setTimeout(resolve, CUT_MS - (performance.now() - cutMs)));
    await session.link();
    const truth = await made;
    await moreWindows(session, 2);
    await session.stopProbe('syscalls');
    const view = viewOf(session);
    expectWhole(view);
    expectTruth(callRows(view), truth);
    expect(restarts(session)).toHaveLength(3);
    for (const reason of restarts(session)) expect(reason).toContain('nothing was lost');
  });

  test('of ten thousand threads have ten thousand names and one process', async () => {
    const truth = await makeCalls(box, '--threads 10000 --calls 200000 --sleeps 2 --blocks 0');
    await moreWindows(session, 2);
    console.log(`${((await session.residentBytes()) / 2 ** 20).toFixed(1)} MiB resident after 10,000 threads`);
    await session.stopProbe('syscalls');
    const view = viewOf(session);
    expectWhole(view);
    expectTruth(callRows(view), truth);
    expect(view.processes.filter(({ pid, comm }) => pid === truth.pid && comm === 'calls')).toHaveLength(1);
    const own = view.threads.filter(({ comm }) => comm === 'calls-worker');
    expect(new Set(own.map(({ tid }) => tid)).size).toBe(10_000);
  });

  test('of processes that share an id, and are gone when they are looked at, are two processes', async () => {
    const script = `for i in 1 2 3 4; do echo 29999 > /proc/sys/kernel/ns_last_pid; /opt/workload/calls --calls 40 --threads 1 --sleeps 0 --blocks 0 & wait; done`;
    const { stdout } = await box.ssh(script);
    const pids = [...stdout.matchAll(/"pid":(\d+)/g)].map((match) => Number(match[1]));
    await moreWindows(session, 2);
    await session.stopProbe('syscalls');
    const view = viewOf(session);
    expectWhole(view);
    const lives = view.processes.filter(({ pid, comm }) => pid === 30_000 && comm === 'calls');
    const wanted = pids.filter((pid) => pid === 30_000).length;
    expect(wanted, 'the id was used again').toBeGreaterThan(1);
    expect(lives).toHaveLength(wanted);
    for (const { id } of lives) {
      const own = callRows(view).filter(({ life, comm }) => life === id && comm === 'calls-worker');
      expect(own.filter(({ number }) => number === 110).reduce((sum, { calls }) => sum + calls, 0)).toBe(10);
    }
  });
});

describe('system calls through the agent, in exact time', () => {
  let box: Box;
  let session: AgentSession;
  beforeAll(async () => {
    box = await bootBox({ variant: 'node', icount: true });
    await AgentSession.install(box);
    session = await AgentSession.start(box);
    session.startProbe({}, 'syscalls');
    await moreWindows(session, 1);
  }, BUILD_AND_BOOT_MS);
  afterAll(async () => {
    await session?.end();
    await box?.stop();
  });

  test('cost little, however many they are', async () => {
    const truth = await makeCalls(box, '--calls 4000000 --sleeps 2000');
    await moreWindows(session, 2);
    const view = viewOf(session);
    expectWhole(view);
    expectTruth(callRows(view), truth);
    expectLatency(callRows(view), truth);
    const busy = callWindows(view).filter(({ counters }) => counters.seen > 100_000);
    const [from, to] = [busy[0]?.fromNs ?? 0, busy.at(-1)?.toNs ?? 0];
    const costs = view.costs.filter(({ fromNs, toNs }) => fromNs >= from && toNs <= to);
    const sum = (of: (cost: (typeof costs)[number]) => number) => costs.reduce((total, cost) => total + of(cost), 0);
    const seconds = sum((cost) => cost.toNs - cost.fromNs) / NS_PER_S;
    const cpuShare = sum((cost) => cost.agentCpuNs + cost.loaderCpuNs) / NS_PER_S / seconds;
    const bytesPerSecond = sum(({ sentBytes }) => sentBytes) / seconds;
    const callsPerSecond = busy.reduce((total, { counters }) => total + counters.seen, 0) / ((to - from) / NS_PER_S);
    const rowsPerSecond = busy.reduce((total, { rows }) => total + rows, 0) / ((to - from) / NS_PER_S);
    console.log(
      `${callsPerSecond.toFixed(0)} calls/s, ${rowsPerSecond.toFixed(0)} rows/s: CPU ${(cpuShare * 100).toFixed(2)} %, ${bytesPerSecond.toFixed(0)} B/s, over ${seconds.toFixed(1)} s`,
    );
    expect(cpuShare).toBeLessThan(MAX_CPU_SHARE);
    expect(bytesPerSecond).toBeLessThan(MAX_BYTES_PER_SECOND);
  });
});
