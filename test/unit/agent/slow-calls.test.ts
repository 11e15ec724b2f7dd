/** Single calls: those that go on and then return are one; paths, arguments, files and what was left out. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  decodeWindowSum,
  describeCall,
  encodeWindowSum,
  syscallCode,
  type WindowSignal,
  WindowSum,
} from '../../../remote-agent/protocol/index.ts'; // prettier-ignore
import { Files } from '../../../remote-agent/agent/proc/files.ts';
import { FakeProc } from './fake-proc.ts';
import { build, MappedRows } from './mapped-rows.ts';
import * as wire from './wire-writer.mjs';

const READ = syscallCode(1, 0);
const OPENAT = syscallCode(1, 257);
const BEGUN = 90e9;

let proc: FakeProc;
let run: MappedRows;
beforeEach(() => {
  proc = new FakeProc();
  run = new MappedRows(proc.root, 'slow-syscalls');
  run.number = 100;
  proc.put(42, { comm: 'mosquitto', startTicks: 500 });
});
afterEach(() => proc.close());

const latin = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString('latin1');

/** "tid call@begun finished duration errno path file", a line per row. */
function told({ columns, rows }: WindowSignal): string[] {
  const cell = (row: number, column: number) => columns[column]?.[row] as number;
  return Array.from({ length: rows }, (_, row) => {
    const tid = run.view.threads[cell(row, 0) - 1]?.tid;
    const [path, file] = [latin(columns[9]?.[row]), latin(columns[10]?.[row])];
    const text = describeCall(cell(row, 1), columns[8]?.[row] as Uint8Array, path, file);
    return `${tid} ${text} @${cell(row, 2)} ${cell(row, 3)} ${cell(row, 4)} ${cell(row, 5)}`;
  });
}

const read = { tgid: 42, tid: 43, call: READ, begun: BEGUN, args: [3, 0x7f00, 64], fd: 3, comm: 'mosquitto' };

describe('a call', () => {
  it('is told with its arguments, its path and what its file is', () => {
    proc.openFile(42, 3, '/dev/ttyUSB0');
    run.batch({
      rows: [
        { ...read, duration: 2e9 },
        {
          ...read,
          call: OPENAT,
          begun: BEGUN + 1,
          errno: 2,
          result: -2,
          args: [-100, 16, 0],
          path: '/no/such\0old',
          fd: -100,
        },
      ],
    }); // prettier-ignore
    const [window] = run.view.windows;
    expect(told(window as WindowSignal)).toEqual([
      `43 read(3</dev/ttyUSB0>, 0x7f00, 64) @${BEGUN} 1 2000000000 0`,
      `43 openat(AT_FDCWD, "/no/such", O_RDONLY) @${BEGUN + 1} 1 1000000 2`,
    ]);
    expect(latin(window?.columns[6]?.[1])).toBe(Buffer.from('feffffffffffffff', 'hex').toString('latin1'));
  });

  it('that goes on, and then returns, is one row when windows are merged, and counted once', () => {
    const mapper = run.mapperOf('slow-syscalls');
    const windowOf = (rows: object[], number: number): WindowSum =>
      mapper.map(build(wire.batch({ number, from: number * 1e9, to: number * 1e9 + 1e9, rows } as never)), run.nowMs);
    const going = windowOf([{ ...read, finished: 0, duration: 1e9, path: '' }], 91);
    const more = windowOf([{ ...read, finished: 0, duration: 2e9 }], 92);
    const done = windowOf([{ ...read, duration: 2.2e9, result: 1, path: '/x', args: [] }], 93);
    // In either order, and over the way that a spool takes.
    for (const [first, ...others] of [
      [going, more, done],
      [done, more, going],
    ] as const) {
      const sum = decodeWindowSum(first.manifest, encodeWindowSum(first));
      for (const other of others) sum.add(other);
      expect(sum.rows).toBe(1);
      expect([sum.columns[2]?.[0], sum.columns[3]?.[0], sum.columns[4]?.[0]]).toEqual([BEGUN, 1, 2.2e9]);
      expect([latin(sum.columns[6]?.[0]), latin(sum.columns[9]?.[0])]).toEqual(['\x01', '/x']);
      expect(latin(sum.columns[8]?.[0])).toHaveLength(17); // of those that were known: 3 · 0x7f00 · 64
      expect(sum.counters).toMatchObject({ seen: 1n, kept: 1n });
    } // prettier-ignore
  });

  it('keeps its beginning on a device that runs for years', () => {
    run.number = 3e8;
    const begun = 3e8 * 1e9; // 2^58: nine years
    run.batch({ rows: [{ ...read, begun }] });
    expect(run.view.windows[0]?.columns[2]?.[0]).toBe(begun);
  });

  it('that was left out because there were too many is counted', () => {
    run.batch({ rows: [read], extra: { rateLimit: 7, filtered: 100 } });
    expect(run.view.windows[0]?.counters).toMatchObject({
      seen: 108,
      kept: 1,
      filtered: 100,
      lost: [{ cause: 'rate-limit', count: 7 }],
    });
  });

  it('of a process that is gone has no file of the next one with its id', () => {
    proc.openFile(42, 3, '/old');
    run.batch({ rows: [{ ...read, life: 1 }] });
    proc.put(42, { comm: 'other', startTicks: 10_200 });
    proc.openFile(42, 3, '/new');
    run.number = 102;
    run.batch({
      rows: [
        { ...read, life: 1, begun: 101e9 },
        { ...read, tid: 42, life: 2, begun: 102.5e9, comm: 'other' },
      ],
    }); // prettier-ignore
    const rows = told(run.view.windows[1] as WindowSignal);
    expect(rows.map((row) => row.replace(/ 0x7f00.*/, '')).toSorted()).toEqual(['42 read(3</new>,', '43 read(3,']);
  });
});

describe('files', () => {
  it('that are sockets are told by their ends', () => {
    const files = new Files(proc.root);
    const of = (fd: number) => latin(files.of(42, fd, 5000));
    const tcp = (local: string, remote: string, state: string, inode: number) =>
      `   0: ${local} ${remote} ${state} 00000000:00000000 02:00000A00 00000000     0        0 ${inode} 2 0000000000000000 20 4 29 10 -1`;
    proc.network(42, 'tcp', [
      tcp('0F02000A:D431', '0202000A:0016', '01', 501),
      tcp('00000000:075B', '00000000:0000', '0A', 502),
    ]);
    proc.network(42, 'tcp6', [
      tcp('00000000000000000000000001000000:0050', 'B80D0120000000000000000001000000:01BB', '01', 503),
      tcp('0000000000000000FFFF00000100007F:0050', '00000000000000000000000000000000:0000', '0A', 504),
    ]);
    proc.network(42, 'unix', ['ffff: 00000003 00000000 00000000 0001 03 505 /run/my bus', 'ffff: 2 0 0 1 03 506']);
    for (const fd of [1, 2, 3, 4, 5, 6, 7]) proc.openFile(42, fd, `socket:[${500 + fd}]`);
    expect([1, 2, 3, 4, 5, 6, 7].map(of)).toEqual([
      'socket:tcp 10.0.2.15:54321 -> 10.0.2.2:22',
      'socket:tcp 0.0.0.0:1883',
      'socket:tcp6 [::1]:80 -> [2001:db8::1]:443',
      'socket:tcp6 [::ffff:127.0.0.1]:80',
      'socket:unix /run/my bus',
      'socket:[506]',
      'socket:[507]',
    ]);
  });

  it('are asked for only so often, and again after a second', () => {
    const files = new Files(proc.root);
    for (let fd = 0; fd < 700; fd++) proc.openFile(42, fd, `/file${fd}`);
    const found = (nowMs: number) =>
      Array.from({ length: 700 }, (_, fd) => files.of(42, fd, nowMs)).filter(({ length }) => length > 0).length;
    expect(found(5000)).toBe(500);
    proc.openFile(42, 0, '/changed');
    expect(latin(files.of(42, 0, 5900))).toBe('/file0');
    expect(latin(files.of(42, 0, 6000))).toBe('/changed');
    expect(latin(files.of(42, -1, 6000))).toBe('');
    expect(latin(files.of(43, 3, 6000))).toBe('');
  });
});
