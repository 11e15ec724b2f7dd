// The agent for real: Debian's Node 18 on a Debian kernel, with the loader, known programs, and a client behind ssh.
// The first box counts instructions: its nanosecond is one instruction, so CPU shares are those of a 1 GHz processor and
// repeat however busy this computer is. The second has two CPUs and everything at once.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentView, type Row } from '../unit/agent/agent-view.ts';
import { AgentSession } from './agent-session.ts';
import { type Box, bootBox } from './box/boot.mjs';

const BUILD_AND_BOOT_MS = 900_000;
const MAX_RESIDENT_BYTES = 64 << 20;
const MAX_CPU_SHARE = 0.05;
const MAX_BYTES_PER_SECOND = 20_000;
const NS_PER_S = 1e9;

/** What truth.c promises: the share of its own time in each function. */
const TRUTH = { alpha: 0.5, beta_left: 0.2, beta_right: 0.1, gamma: 0.2 } as const;

/** Share per function among the samples of `rows` that are in one of them, whatever these called. */
function sharesOf(rows: readonly Row[]): Record<string, number> {
  const sums = new Map<string, number>();
  let total = 0;
  for (const { frames, samples } of rows) {
    const name = frames.find((frame) => Object.hasOwn(TRUTH, frame));
    if (!name) continue;
    sums.set(name, (sums.get(name) ?? 0) + samples);
    total += samples;
  }
  return Object.fromEntries([...sums].map(([name, samples]) => [name, samples / total]));
}

function expectTruth(rows: readonly Row[]): void {
  const shares = sharesOf(rows);
  for (const [name, share] of Object.entries(TRUTH))
    expect(Math.abs((shares[name] ?? 0) - share), `${name} ${shares[name]}`).toBeLessThan(0.05);
}

/** Counts that hold of any windows, however they were cut and merged. */
function expectExact({ windows }: AgentView): void {
  for (const [i, { fromNs, columns, counters }] of windows.entries()) {
    if (i > 0) expect(fromNs).toBe(windows[i - 1]?.toNs);
    expect([...(columns[3] as Uint32Array)].reduce((sum, samples) => sum + samples, 0)).toBe(counters.kept);
  }
}

function spend({ costs }: AgentView): { cpuShare: number; bytesPerSecond: number } {
  const sum = (of: (cost: (typeof costs)[number]) => number) => costs.reduce((total, cost) => total + of(cost), 0);
  const spanNs = sum(({ fromNs, toNs }) => toNs - fromNs);
  return {
    cpuShare: sum(({ agentCpuNs, loaderCpuNs }) => agentCpuNs + loaderCpuNs) / spanNs,
    bytesPerSecond: (sum(({ sentBytes }) => sentBytes) / spanNs) * NS_PER_S,
  };
}

const ofProgram = (view: AgentView, comm: string) => view.rows().filter(({ process }) => process.comm === comm);

/** Until the windows cover so many seconds of the box's time. */
async function measure(session: AgentSession, seconds: number): Promise<AgentView> {
  const view = () => new AgentView(session.client.signals);
  const covered = ({ windows }: AgentView) => ((windows.at(-1)?.toNs ?? 0) - (windows[0]?.fromNs ?? 0)) / NS_PER_S;
  await session.client.until(`windows of ${seconds} s`, () => covered(view()) >= seconds, 300_000);
  return view();
}

describe('in exact time', () => {
  let box: Box;
  let session: AgentSession;

  beforeAll(async () => {
    box = await bootBox({ variant: 'node', icount: true });
    await AgentSession.install(box);
    await box.ssh('workload start truth-fp');
    session = await AgentSession.start(box);
    session.startProbe();
  }, BUILD_AND_BOOT_MS);
  afterAll(async () => {
    await session?.end();
    await box?.stop();
  });

  it('shows a program as it is: names, shares, who and where', async () => {
    const view = await measure(session, 30);
    const rows = ofProgram(view, 'truth-fp');
    expectTruth(rows);
    expect(rows[0]?.process).toMatchObject({
      exe: '/opt/workload/truth-fp',
      unit: 'workload.service',
      container: '',
      containerId: '',
      kernelThread: false,
    });
    const stacks = new Set(rows.map(({ frames }) => frames.slice(1).join(';'))); // the root is a local function of libc
    for (const stack of [
      'main;work_loop;alpha',
      'main;work_loop;beta;beta_left',
      'main;work_loop;beta;beta_right',
      'main;work_loop;gamma',
    ])
      expect(stacks).toContain(stack);
    expectExact(view);
  });

  it('names the kernel', async () => {
    const view = await measure(session, 30);
    const kernel = view.frames.filter(({ module }) => view.modules[module - 1]?.kind === 'kernel');
    expect(kernel.length).toBeGreaterThan(20);
    expect(kernel.filter((frame) => view.isNamed(frame)).length / kernel.length).toBeGreaterThan(0.98);
    expect(view.count(({ frames }) => (frames.includes('do_syscall_64') ? 'system calls' : null)).size).toBe(1);
  });

  it('counts every tick of every CPU', async () => {
    const { windows } = await measure(session, 30);
    const seen = windows.reduce((sum, { counters }) => sum + counters.seen, 0);
    const seconds = ((windows.at(-1)?.toNs ?? 0) - (windows[0]?.fromNs ?? 0)) / NS_PER_S;
    expect(Math.abs(seen / (seconds * 99) - 1)).toBeLessThan(0.02);
  });

  it('stays within its budget', async () => {
    const view = await measure(session, 60);
    const { cpuShare, bytesPerSecond } = spend(view);
    const residentBytes = await session.residentBytes();
    const told = view.costs.at(-1);
    console.log(
      `CPU ${(cpuShare * 100).toFixed(2)} %, ${bytesPerSecond.toFixed(0)} B/s, ${(residentBytes / 2 ** 20).toFixed(1)} MiB resident`,
    );
    expect(cpuShare).toBeLessThan(MAX_CPU_SHARE);
    expect(bytesPerSecond).toBeLessThan(MAX_BYTES_PER_SECOND);
    expect(residentBytes).toBeLessThan(MAX_RESIDENT_BYTES);
    expect(told?.loaderResidentBytes).toBeGreaterThan(0);
    expect(told?.kernelMapBytes).toBeGreaterThan(0);
    expect(told?.deviceCpuBusyNs).toBeGreaterThan(0);
  });

  it('goes on without a gap after its link was cut', async () => {
    const before = new AgentView(session.client.signals).windows.length;
    session.cut();
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await session.link();
    await session.client.until(
      'later windows',
      () => new AgentView(session.client.signals).windows.length > before + 3,
      60_000,
    );
    expectExact(new AgentView(session.client.signals));
    expect(session.client.bodies('welcome').map(({ runId }) => runId)).toEqual([
      session.client.runId,
      session.client.runId,
    ]);
  });

  it('leaves nothing behind', async () => {
    await session.end();
    const { stdout } = await box.ssh(
      `sleep 1; ls -d ${session.runDir} 2>/dev/null; pgrep -fl '[/]opt/sonde/'; bpftool prog show 2>/dev/null | grep -c take_sample`,
    );
    expect(stdout.trim()).toMatch(/^0?$/);
  });
});

describe('with everything at once', () => {
  let box: Box;
  let session: AgentSession;
  let view: AgentView;

  beforeAll(async () => {
    box = await bootBox({ variant: 'node', workload: true });
    await AgentSession.install(box);
    session = await AgentSession.start(box);
    session.startProbe();
    view = await measure(session, 60);
  }, BUILD_AND_BOOT_MS);
  afterAll(async () => {
    await session?.end();
    await box?.stop();
  });

  it('still shows known programs as they are', () => {
    expectTruth(ofProgram(view, 'truth-fp'));
    expectExact(view);
  });

  it('names what a JIT compiler wrote', () => {
    const named = view.frames.filter((frame) => view.modules[frame.module - 1]?.kind === 'jit' && view.isNamed(frame));
    expect(named.length).toBeGreaterThan(0);
    expect(named.map((frame) => view.frameName(frame)).join('\n')).toContain('node_burn.cjs');
  });

  it('places programs that were gone before anyone looked', () => {
    const gone = view.rows().filter(({ process }) => process.startNs === 0);
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.some(({ process }) => process.unit === 'workload.service')).toBe(true);
    const modules = new Set(gone.flatMap(({ frames }) => frames).filter((frame) => frame.startsWith('+0x')));
    expect(modules.size / gone.length).toBeLessThan(0.1); // frames of files nobody could find
  });

  it('stays within its memory', async () => {
    const residentBytes = await session.residentBytes();
    console.log(`${(residentBytes / 2 ** 20).toFixed(1)} MiB resident, ${spend(view).bytesPerSecond.toFixed(0)} B/s`);
    expect(residentBytes).toBeLessThan(MAX_RESIDENT_BYTES);
    expect(spend(view).bytesPerSecond).toBeLessThan(MAX_BYTES_PER_SECOND);
  });
});
