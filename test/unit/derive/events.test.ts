import { describe, expect, test } from 'vitest';
import { slowSyscalls } from '../../../remote-agent/protocol/probes/slow-syscalls.ts';
import type { WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { syscallCode } from '../../../remote-agent/protocol/syscalls/index.ts';
import {
  callEvent,
  callText,
  eventColumns,
  EventIndex,
  eventList,
  EventsMaker,
  EventTexts,
  NO_ROW,
} from '../../../renderer/derive/events/index.ts';
import { NO_FILTER, stackLines } from '../../../renderer/derive/index.ts';
import type { Tables } from '../../../renderer/store/index.ts';
import { TableSet } from '../../../renderer/store/table-set.ts';
import { WindowRing } from '../../../renderer/store/window-ring.ts';
import { eventWindow, type MadeEvent } from '../../fixtures/events.ts';
import { seededRandom } from '../../fixtures/random.ts';

const [OPENAT, CONNECT, READ] = [257, 42, 0].map((number) => syscallCode(1, number)) as [number, number, number];
const S = 1e9;

/** Thread 1 is mosquitto's, thread 2 that of nginx in a container. */
function tables(): Tables {
  const set = new TableSet();
  const process = {
    exe: '',
    commandLine: '',
    cgroup: '',
    unit: '',
    startNs: 1,
    parentPid: 1,
    kernelThread: false,
    uid: 0,
  };
  set.add({
    kind: 'definitions',
    processes: [
      { ...process, id: 1, pid: 412, comm: 'mosquitto', container: '', containerId: '' },
      { ...process, id: 2, pid: 977, comm: 'nginx', container: 'web', containerId: '' },
    ],
    threads: [
      { id: 1, process: 1, tid: 412, comm: 'mosquitto' },
      { id: 2, process: 2, tid: 978, comm: 'worker' },
      { id: 3, process: 2, tid: 412, comm: 'mosquitto' },
    ],
    modules: [
      { id: 1, kind: 'library', path: '/usr/lib/libc.so.6', buildId: '' },
      { id: 2, kind: 'executable', path: '/usr/sbin/nginx', buildId: '' },
    ],
    frames: [
      { id: 1, module: 2, offset: 0x1200, name: 'main', interpreted: false },
      { id: 2, module: 2, offset: 0x4a3f7, name: '', interpreted: false },
      { id: 3, module: 1, offset: 0x9000, name: '__connect', interpreted: false },
    ],
    firstStack: 1,
    stackParents: Uint32Array.of(0, 1, 2),
    stackFrames: Uint32Array.of(1, 2, 3),
    names: [],
    flows: [],
    addressNames: [],
  });
  return set.published();
}

const LIMITS = { bytes: 1e9, spanNs: Number.POSITIVE_INFINITY };
const call = (thread: number, begunNs: number, durationNs: number, more: Partial<MadeEvent> = {}): MadeEvent => ({
  thread,
  call: READ,
  begunNs,
  durationNs,
  ...more,
});
const open = (thread: number, begunNs: number, durationNs: number) =>
  call(thread, begunNs, durationNs, { isOpen: true });

function ringOf(windows: readonly WindowSignal[], limits = LIMITS): WindowRing {
  const ring = new WindowRing(slowSyscalls, limits);
  for (const window of windows) ring.append(window);
  return ring;
}

/** `begun+duration`, with ? where it has not returned. */
function listed(windows: readonly WindowSignal[], span = { first: 0, end: windows.length }, filter = NO_FILTER) {
  const columns = eventColumns(ringOf(windows).published());
  const list = eventList(columns, new EventIndex().update(columns, tables()), span, tables(), filter);
  const text = (event: number) => {
    const { begunNs, durationNs, returned } = callEvent(columns, list.rowOf[event]!);
    return `${begunNs / S}+${durationNs / S}${returned ? '' : '?'}`;
  };
  return { passed: list.passed.map(text), open: list.open.map(text) };
}

describe('one line per call', () => {
  test('a blocked call is in progress in every window and then an ordinary line', () => {
    const windows = [
      eventWindow(0, S, [open(1, 0.5 * S, 0.5 * S)]),
      eventWindow(S, 2 * S, [open(1, 0.5 * S, 1.5 * S), call(2, 1.2 * S, 0.1 * S)]),
      eventWindow(2 * S, 3 * S, [call(1, 0.5 * S, 2 * S)]),
    ];
    expect(listed(windows.slice(0, 1))).toEqual({ passed: [], open: ['0.5+0.5?'] });
    expect(listed(windows.slice(0, 2))).toEqual({ passed: ['1.2+0.1'], open: ['0.5+1.5?'] });
    expect(listed(windows)).toEqual({ passed: ['1.2+0.1', '0.5+2'], open: [] });
  });

  test('a range that ends earlier shows what was known then', () => {
    const windows = [eventWindow(0, S, [open(1, 0, S)]), eventWindow(S, 2 * S, [call(1, 0, 2 * S)])];
    expect(listed(windows, { first: 0, end: 1 })).toEqual({ passed: [], open: ['0+1?'] });
    expect(listed(windows, { first: 1, end: 2 })).toEqual({ passed: ['0+2'], open: [] });
  });

  test('one that vanished without a return is where it was last seen, and says so', () => {
    const windows = [eventWindow(0, S, [open(1, 0, S)]), eventWindow(S, 2 * S, [call(2, 1.5 * S, 0.1 * S)])];
    expect(listed(windows)).toEqual({ passed: ['0+1?', '1.5+0.1'], open: [] });
  });

  test('calls that differ in thread, call or beginning are different', () => {
    const rows = [call(1, S, S), call(2, S, S), call(1, S, S, { call: CONNECT }), call(1, S + 1, S)];
    expect(listed([eventWindow(S, 2 * S, rows)]).passed).toHaveLength(4);
  });

  test('beginnings beyond 32 bits and beyond 2^53 ns are told apart', () => {
    const late = 2 ** 54;
    const rows = [call(1, late, 5), call(1, late + 4, 5), call(1, late + 2 ** 32, 5)];
    expect(listed([eventWindow(late, late + 5 * S, rows)]).passed).toHaveLength(3);
  });

  test('in the order they returned; of those in progress the longest first', () => {
    const rows = [
      call(1, 0.5 * S, 0.4 * S),
      call(1, 0.6 * S, 0.1 * S),
      open(1, 0.3 * S, 0.7 * S),
      open(2, 0.1 * S, 0.9 * S),
    ];
    expect(listed([eventWindow(0, S, rows)])).toEqual({
      passed: ['0.6+0.1', '0.5+0.4'],
      open: ['0.1+0.9?', '0.3+0.7?'],
    });
  });

  test('a thread that turns out to be of another process is in the same call still', () => {
    const windows = [eventWindow(0, S, [open(1, 0, S)]), eventWindow(S, 2 * S, [open(3, 0, 2 * S)])];
    expect(listed(windows, { first: 0, end: 2 })).toEqual({ passed: [], open: ['0+2?'] });
  });

  test('the filter of all views applies to both lists', () => {
    const windows = [
      eventWindow(0, S, [call(1, 0, 1), call(2, 5 * 1e8, 1e8), open(1, 0.2 * S, 0.8 * S), open(2, 0, S)]),
    ];
    const all = { first: 0, end: 1 };
    expect(listed(windows, all, { process: 2, thread: null, container: null })).toEqual({
      passed: ['0.5+0.1'],
      open: ['0+1?'],
    });
    expect(listed(windows, all, { process: null, thread: null, container: '' }).open).toEqual(['0.2+0.8?']);
    expect(listed(windows, all, { process: null, thread: 2, container: null }).passed).toEqual(['0.5+0.1']);
  });

  test('no more than can be looked through, and how many that leaves out', () => {
    const rows = Array.from({ length: 30 }, (_, i) => call(1, i, 1));
    const columns = eventColumns(ringOf([eventWindow(0, S, rows)]).published());
    const list = eventList(
      columns,
      new EventIndex().update(columns, tables()),
      { first: 0, end: 1 },
      tables(),
      NO_FILTER,
      10,
    );
    expect(list.leftOut).toBe(20);
    expect(list.passed.map((event) => columns.begunNs[list.rowOf[event]!])).toEqual([
      20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
    ]);
  });
});

test('whatever came and was forgotten, the maker says the same as one that saw only what is left', () => {
  const random = seededRandom(5);
  const given = tables();
  const ring = new WindowRing(slowSyscalls, { bytes: 52 * 300, spanNs: Number.POSITIVE_INFINITY });
  const maker = new EventsMaker();
  let forgot = 0;
  for (let second = 0; second < 120; second++) {
    const [from, to] = [second * S, (second + 1) * S];
    const rows = Array.from({ length: Math.floor(random() * 12) }, (_, i) =>
      call(1 + (i % 2), from + i, 1 + random() * S),
    );
    ring.append(eventWindow(from, to, [...rows, open(1, Math.floor(second / 7) * 7 * S, (second % 7) * S + S)]));
    const windows = ring.published();
    const request = { windows, span: { first: 0, end: windows.windowCount }, tables: given, filter: NO_FILTER };
    const keys = ({ columns, list }: ReturnType<EventsMaker['make']>) =>
      [list.passed, list.open].map((events) => events.map((event) => callEvent(columns, list.rowOf[event]!)));
    expect(keys(maker.make(request))).toEqual(keys(new EventsMaker().make(request)));
    forgot = windows.rowsForgotten;
  }
  expect(forgot).toBeGreaterThan(300);
});

test('rowOf has no row for calls of other ranges', () => {
  const columns = eventColumns(
    ringOf([eventWindow(0, S, [call(1, 0, 1)]), eventWindow(S, 2 * S, [call(1, S, 1)])]).published(),
  );
  const list = eventList(
    columns,
    new EventIndex().update(columns, tables()),
    { first: 1, end: 2 },
    tables(),
    NO_FILTER,
  );
  expect([...list.rowOf]).toEqual([NO_ROW, 1]);
});

describe('what a line says', () => {
  const failed = call(2, 0.5 * S, 12e6, {
    call: OPENAT,
    errno: 2,
    args: [-100n, 0x7ffe0010n, 0n],
    path: '/etc/\u001bx',
    stack: 3,
  });
  const columns = eventColumns(ringOf([eventWindow(0, S, [failed, call(1, 0, 1, { result: -1n })])]).published());

  test('arguments, path and result come back as they were put, and text is safe', () => {
    const event = callEvent(columns, 0);
    expect(event).toMatchObject({
      thread: 2,
      errno: 2,
      returned: true,
      path: '/etc/\\x1bx',
      stack: 3,
      endNs: 0.5 * S + 12e6,
    });
    expect(callText(event)).toMatch(/^openat\(AT_FDCWD, "\/etc\/\\+x1bx", O_RDONLY\)$/);
  });

  test('it is searched by process, thread, call, path and error', () => {
    const text = new EventTexts().of(columns, tables(), 0);
    for (const part of ['nginx (977)', 'worker (thread 978)', 'openat(', '/etc/', 'ENOENT'])
      expect(text).toContain(part);
  });

  test('texts are of the rows as they are now, also after rows were forgotten', () => {
    const texts = new EventTexts();
    expect(texts.of(columns, tables(), 1)).toContain('mosquitto');
    const moved = { ...columns, rowsForgotten: 1, thread: Uint32Array.of(1, 2) };
    expect(texts.of(moved, tables(), 1)).toContain('nginx');
  });

  test('its stack, innermost first: names, or module and exact offset', () => {
    expect(stackLines(tables(), 3)).toEqual([
      { name: '__connect', module: 'libc.so.6', kind: 'library' },
      { name: 'nginx+0x4a3f7', module: '', kind: 'application' },
      { name: 'main', module: 'nginx', kind: 'application' },
    ]);
    expect(stackLines(tables(), 0)).toEqual([]);
    expect(stackLines(tables(), 99)).toEqual([]);
  });
});
