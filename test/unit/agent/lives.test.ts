/** Rows that live longer than a window: whose they are when process ids are used again, programs replaced, threads renamed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { divideLives, type Life } from '../../../remote-agent/agent/proc/divide-lives.ts';
import { syscallCode } from '../../../remote-agent/protocol/index.ts';
import { FakeProc } from './fake-proc.ts';
import { MappedRows } from './mapped-rows.ts';

const READ = syscallCode(1, 0);
const WRITE = syscallCode(1, 1);

let proc: FakeProc;
let run: MappedRows;
beforeEach(() => {
  proc = new FakeProc();
  run = new MappedRows(proc.root, 'syscalls');
  run.number = 100; // the box was started 100 s ago
});
afterEach(() => proc.close());

/** In ticks of 10 ms. */
const STARTED_EARLY = 500;
const startedNow = () => run.number * 100 + 50;

/**
 * "comm[start] tid:comm calls" per thread that has calls, over all windows, in the order in which processes
 * were defined; a process that was gone has start 0.
 */
function told(): string[] {
  const { windows, threads, processes } = run.view;
  const sums = new Map<string, { process: number; who: string; calls: number }>();
  for (const { columns, rows } of windows)
    for (let row = 0; row < rows; row++) {
      const thread = threads[(columns[0]?.[row] as number) - 1];
      const process = processes[(thread?.process ?? 0) - 1];
      const who = `${process?.comm}[${(process?.startNs ?? 0) / 1e7}] ${thread?.tid}:${thread?.comm}`;
      const sum = sums.get(`${process?.id} ${who}`) ?? { process: process?.id ?? 0, who, calls: 0 };
      sums.set(`${process?.id} ${who}`, { ...sum, calls: sum.calls + (columns[4]?.[row] as number) });
    }
  return [...sums.values()].toSorted((a, b) => a.process - b.process).map(({ who, calls }) => `${who} ${calls}`);
}

const of = (comm: string, life: number, calls: number, more: object = {}) => ({
  tgid: 42,
  comm,
  life,
  calls,
  call: READ,
  ...more,
});

describe('a process id that is used again', () => {
  it('is two processes', () => {
    proc.put(42, { comm: 'one', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('one', 7, 1)] });
    proc.put(42, { comm: 'two', startTicks: startedNow() });
    run.batch({ rows: [of('two', 8, 10)] });
    run.batch({ rows: [of('two', 8, 10)] });
    expect(told()).toEqual([`one[500] 42:one 1`, `two[10150] 42:two 20`]);
  });

  it('within one window, of a process that was known, is two processes', () => {
    proc.put(42, { comm: 'one', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('one', 7, 1)] });
    proc.put(42, { comm: 'one', startTicks: startedNow() });
    run.batch({ rows: [of('one', 8, 10), of('one', 7, 100)] });
    expect(told()).toEqual(['one[500] 42:one 101', 'one[10150] 42:one 10']);
  });

  it('within one window, when nobody is there any more, is two processes of the same name', () => {
    run.batch({ rows: [of('true', 8, 10), of('true', 7, 1), of('true', 8, 100, { call: WRITE })] });
    expect(told()).toEqual(['true[0] 42:true 1', 'true[0] 42:true 110']);
    expect(run.view.processes).toMatchObject([{ pid: 42 }, { pid: 42 }]);
  });

  it('three times within one window, the last of them still there', () => {
    proc.put(42, { comm: 'c', startTicks: startedNow() });
    run.batch({ rows: [of('b', 8, 10), of('c', 9, 100), of('a', 7, 1)] });
    expect(told()).toEqual(['c[10050] 42:c 100', 'a[0] 42:a 1', 'b[0] 42:b 10']);
  });

  it('stays two processes in the next window', () => {
    proc.put(42, { comm: 'b', startTicks: startedNow() });
    run.batch({ rows: [of('a', 7, 1), of('b', 8, 10)] });
    run.batch({ rows: [of('b', 8, 10), of('a', 7, 1)] });
    expect(run.view.processes).toHaveLength(2);
    expect(told()).toEqual(['b[10050] 42:b 20', 'a[0] 42:a 2']);
  });

  it('again and again is as many processes', () => {
    for (let life = 1; life <= 50; life++) run.batch({ rows: [of('true', life, life)] });
    expect(told()).toEqual(Array.from({ length: 50 }, (_, i) => `true[0] 42:true ${i + 1}`));
  });
});

describe('one process stays one', () => {
  it('when others end whose ids share its count', () => {
    proc.put(42, { comm: 'one', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('one', 7, 1)] });
    run.batch({ rows: [of('one', 7, 1), of('one', 8, 10), of('one', 9, 100, { call: WRITE })] });
    expect(told()).toEqual(['one[500] 42:one 112']);
  });

  it('when the first window already shows two counts, because it was there before', () => {
    proc.put(42, { comm: 'one', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('one', 8, 10), of('one', 7, 1)] });
    expect(told()).toEqual(['one[500] 42:one 11']);
  });

  it('when threads end after its leader', () => {
    proc.put(42, { comm: 'one', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('one', 7, 1), of('w', 7, 1, { tid: 43 })] });
    proc.remove(42);
    run.batch({ rows: [of('w', 8, 10, { tid: 43 }), of('x', 8, 100, { tid: 44 })] });
    expect(told()).toEqual(['one[500] 42:one 1', 'one[500] 43:w 11', 'one[500] 44:x 100']);
  });

  it('when it lived for less than a window and its threads ended after its leader', () => {
    run.batch({ rows: [of('w', 8, 10, { tid: 43 }), of('short', 7, 1)] });
    expect(told().toSorted()).toEqual(['short[0] 42:short 1', 'short[0] 43:w 10']);
    expect(run.view.processes).toHaveLength(1);
  });

  it('also where its late threads share their count with the next that has the id', () => {
    proc.put(42, { comm: 'one', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('one', 7, 1), of('w', 7, 1, { tid: 43 })] });
    proc.remove(42);
    run.batch({ rows: [of('w', 8, 10, { tid: 43 })] });
    proc.put(42, { comm: 'two', startTicks: startedNow() });
    run.batch({ rows: [of('two', 8, 100)] });
    expect(told()).toEqual(['one[500] 42:one 1', 'one[500] 43:w 11', 'two[10250] 42:two 100']);
  });

  it('when two probes see it, one of them after it has ended', () => {
    const profile = run.mapperOf('cpu-profile');
    proc.put(42, { comm: 'one', startTicks: startedNow() });
    run.batch({ rows: [{ tgid: 42, comm: 'one' }] }, profile);
    proc.remove(42);
    run.batch({ rows: [of('one', 7, 5)] });
    expect(run.view.processes).toMatchObject([{ comm: 'one', pid: 42 }]);
    expect(run.view.threads).toHaveLength(1);
  });

  it('under its pid and start, when it was forgotten and comes back as another definition', () => {
    proc.put(42, { comm: 'one', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('one', 7, 1)] });
    run.nowMs += 120_000;
    run.processes.forgetOld(run.nowMs);
    run.batch({ rows: [of('w', 7, 1, { tid: 43 })] });
    expect(run.view.processes.map(({ pid, startNs }) => [pid, startNs])).toEqual([
      [42, 5e9],
      [42, 5e9],
    ]);
  });
});

describe('names', () => {
  it('of a process that started and ended within one window are those of most of its rows', () => {
    run.batch({ rows: [of('sh', 7, 1), of('ls', 7, 1, { call: WRITE }), of('ls', 7, 1, { errno: 2 })] });
    expect(told()).toEqual(['ls[0] 42:ls 3']);
  });

  it('follow a program that replaces itself, and what came before stays with the old one', () => {
    proc.put(42, { comm: 'sh', exe: '/bin/sh', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('sh', 7, 1)] });
    proc.put(42, { comm: 'ls', exe: '/bin/ls', image: '1 2 3', startTicks: STARTED_EARLY });
    run.batch({ rows: [of('ls', 8, 10, { call: WRITE }), of('sh', 7, 100)] });
    run.batch({ rows: [of('ls', 8, 1000)] });
    expect(told()).toEqual(['sh[500] 42:sh 101', 'ls[500] 42:ls 1010']);
  });

  it('of a program that replaced another and ended within one window are both', () => {
    run.batch({ rows: [of('ls', 8, 10), of('sh', 7, 1)] });
    expect(told()).toEqual(['sh[0] 42:sh 1', 'ls[0] 42:ls 10']);
  });

  it('of a program that another probe found, and that has ended since, are its own', () => {
    const profile = run.mapperOf('cpu-profile');
    proc.put(42, { comm: 'ls', startTicks: startedNow() });
    run.batch({ rows: [{ tgid: 42, comm: 'ls' }] }, profile);
    proc.remove(42);
    run.batch({ rows: [of('ls', 8, 10), of('sh', 7, 1)] });
    expect(run.view.processes.map(({ comm }) => comm)).toEqual(['ls', 'sh']);
  });

  it('follow a thread that is renamed, and older rows do not bring the old one back', () => {
    proc.put(42, { comm: 'node', startTicks: STARTED_EARLY });
    proc.nameThread(42, 43, 'node');
    run.batch({ rows: [of('node', 7, 1, { tid: 43 })] });
    proc.nameThread(42, 43, 'libuv-worker');
    for (let i = 0; i < 3; i++)
      run.batch({ rows: [of('node', 7, 10, { tid: 43 }), of('libuv-worker', 7, 100, { tid: 43, call: WRITE })] });
    expect(run.view.threads.map(({ comm }) => comm)).toEqual(['node', 'libuv-worker']);
    expect(told()).toEqual(['node[500] 43:node 11', 'node[500] 43:libuv-worker 320']);
  });

  it('of threads that are gone are those they gave themselves, and of a process that of its leader', () => {
    const row = (comm: string, tid: number, call: number) => of(comm, 7, 1, { tid, call });
    run.batch({
      rows: [row('pool-1', 43, READ), row('main', 43, WRITE), row('main', 44, READ), row('pool-2', 44, WRITE)],
    });
    run.batch({ rows: [row('main', 42, READ), row('pool-1', 43, READ), row('main', 44, READ)] });
    expect(told()).toEqual(['main[0] 43:pool-1 3', 'main[0] 44:main 1', 'main[0] 44:pool-2 2', 'main[0] 42:main 1']);
  });

  it('that only an old row has are not taken for new ones', () => {
    proc.put(42, { comm: 'node', startTicks: STARTED_EARLY });
    proc.nameThread(42, 43, 'libuv-worker');
    run.batch({ rows: [of('libuv-worker', 7, 100, { tid: 43, call: WRITE }), of('node', 7, 10, { tid: 43 })] });
    run.batch({ rows: [of('node', 7, 10, { tid: 43 })] });
    expect(told()).toEqual(['node[500] 43:libuv-worker 120']);
  });
});

describe('rows of many threads', () => {
  const threads = 10_000;
  const rowsOf = (calls: number) =>
    Array.from({ length: threads }, (_, i) => of(`w${i}`, 7, calls, { tid: 1000 + i, tgid: 1000 }));

  it('are counted for each, and each is looked up once', () => {
    proc.put(1000, { comm: 'w0', startTicks: STARTED_EARLY });
    for (let i = 1; i <= 3; i++) run.batch({ rows: rowsOf(i) });
    expect(run.view.processes).toHaveLength(1);
    expect(run.view.threads).toHaveLength(threads);
    expect(told().every((line) => line.endsWith(' 6'))).toBe(true);
  });

  it('from several CPUs are one row each', () => {
    run.batch({ rows: [0, 1, 2, 3].map((cpu) => of('one', 7, 10 ** cpu, { cpu })) });
    expect(run.view.windows[0]?.rows).toBe(1);
    expect(told()).toEqual(['one[0] 42:one 1111']);
  });

  it('that nothing can be named for any more are lost by their calls', () => {
    run.dictionary.isFrozen = true;
    run.batch({ rows: [of('one', 7, 5), of('one', 8, 6)] });
    expect(run.view.windows[0]).toMatchObject({
      rows: 0,
      counters: { seen: 11, kept: 0, lost: [{ cause: 'spool-full', count: 11 }] },
    });
  });
});

describe('lives of one id, without anyone to ask', () => {
  /** "3L 4" = count 3 with rows of the leader, count 4 without. */
  const lives = (text: string): Life[] =>
    text.split(' ').map((word) => ({
      life: Number.parseInt(word, 10),
      isLed: word.endsWith('L'),
      comms: new Map(),
      cgroup: 0n,
    }));

  it.each([
    ['3L', true, [], [[3]]],
    ['3L 4', true, [], [[3, 4]]],
    ['3 4L', true, [3], [[4]]],
    ['3 4L', false, [], [[3], [4]]],
    ['3 4 5', true, [3, 4, 5], []],
    ['3 4 5', false, [], [[3, 4, 5]]],
    ['3L 4L 5 6L', false, [], [[3], [4, 5], [6]]],
  ])('%s, one before: %s', (text, hasBefore, late, own) => {
    const divided = divideLives(lives(text), hasBefore);
    expect(divided.late).toEqual(late);
    expect(divided.own.map((group) => group.map(({ life }) => life))).toEqual(own);
  });
});
