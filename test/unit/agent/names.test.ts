/** Batches of a loader in, named stacks out: row mapping, processes, modules and names together, with a /proc of files. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Kallsyms } from '../../../remote-agent/agent/names/kallsyms.ts';
import { MemoryReader } from '../../../remote-agent/agent/elf/reader.ts';
import { parseDescription, rowLayout } from '../../../remote-agent/agent/rows/row-layout.ts';
import { findProbe, type ProbeManifest } from '../../../remote-agent/protocol/index.ts';
import { writeElf } from './elf-writer.ts';
import { FakeProc } from './fake-proc.ts';
import { build, MappedRows } from './mapped-rows.ts';
import * as wire from './wire-writer.mjs';

const manifest = findProbe('cpu-profile') as ProbeManifest;
const layout = rowLayout(parseDescription(JSON.stringify(wire.DESCRIPTION)), manifest);
const BUILD_ID = 'ca'.repeat(20);
const LIBC_ID = '1b'.repeat(20);
const SYMBOLS = [
  { name: 'main', start: 0x401000, size: 0x100 },
  { name: 'parse', start: 0x401100, size: 0x100 },
  { name: 'read_file', start: 0x401200, size: 0x100 },
];
const PROGRAM = writeElf({ buildId: BUILD_ID, symbols: SYMBOLS });
/** Mapped at 0x5000_0000: file offset 0x1000 is linked at 0x401000. */
const BASE = 0x5000_0000;
const program = (path = '/usr/bin/task', content = PROGRAM) => ({
  start: BASE,
  end: BASE + 0x1000,
  offset: 0x1000,
  path,
  content,
});
const KERNEL = 0xffff_ffff_8100_0000n;

let proc: FakeProc;
let names: MappedRows;
beforeEach(() => {
  proc = new FakeProc();
  names = new MappedRows(proc.root, 'cpu-profile');
});
afterEach(() => proc.close());

/** Leaf first, as the kernel hands them out: parse was interrupted, main had called it. */
const USER = { hash: 7, space: 1, frames: [BASE + 0x110, BASE + 0x20] };
const BY_BUILD_ID = {
  hash: 7,
  space: 2,
  frames: [
    { buildId: BUILD_ID, offset: 0x1110 },
    { buildId: BUILD_ID, offset: 0x1020 },
  ],
};

describe('a user stack', () => {
  it('of a known process is named through its mappings', async () => {
    proc.put(42, { comm: 'worker', exe: '/usr/bin/task', maps: [program()] });
    names.batch({ stacks: [USER], rows: [{ tgid: 42, comm: 'worker', user: 7, samples: 3 }] });
    expect(names.told).toEqual(['worker(/usr/bin/task): /usr/bin/task+0x101f;/usr/bin/task+0x1110 3']);
    await names.nameAll();
    expect(names.told).toEqual(['worker(/usr/bin/task): main;parse 3']);
    expect(names.view.modules).toMatchObject([{ kind: 'executable', path: '/usr/bin/task', buildId: BUILD_ID }]);
  });

  it('with build-ids makes its process known; later addresses in known functions are named at once', async () => {
    proc.put(42, { exe: '/usr/bin/task', maps: [program()] });
    expect(names.batch({ stacks: [BY_BUILD_ID], rows: [{ tgid: 42, user: 7, space: 2 }] })).toEqual([42]);
    await names.nameAll();
    expect(
      names.batch({ stacks: [{ ...USER, frames: [BASE + 0x150] }], rows: [{ tgid: 42, user: 7, samples: 2 }] }),
    ).toEqual([]);
    expect(names.told).toEqual(['task(/usr/bin/task): main;parse 1', 'task(/usr/bin/task): parse 2']);
    expect(names.signals.filter(({ kind }) => kind === 'definitions')).toHaveLength(3);
  });

  it('in a small program is named soon, though the table of a large one took long', async () => {
    const large = writeElf({ buildId: LIBC_ID, symbols: SYMBOLS });
    proc.put(42, { exe: '/usr/bin/large', maps: [program('/usr/bin/large', large)] });
    proc.put(43, { exe: '/usr/bin/small', maps: [program('/usr/bin/small')] });
    const usage = vi.spyOn(process, 'cpuUsage');
    const nameAt = async (tgid: number, address: number, ms: number) => {
      names.batch({ stacks: [{ ...USER, frames: [address] }], rows: [{ tgid, comm: String(tgid), user: 7 }] });
      usage.mockReturnValue({ user: ms * 1000, system: 0 });
      await names.nameAll();
    };
    await nameAt(43, BASE + 0x20, 1);
    await nameAt(42, BASE + 0x20, 1000);
    await nameAt(43, BASE + 0x110, 1);
    await nameAt(42, BASE + 0x110, 1000);
    usage.mockRestore();
    expect(names.told).toEqual([
      'task(/usr/bin/small): main 1',
      'task(/usr/bin/large): main 1',
      'task(/usr/bin/small): parse 1',
      'task(/usr/bin/large): /usr/bin/large+0x1110 1', // its turn comes later
    ]);
  });

  it('returns to the call, not behind it', async () => {
    proc.put(42, { maps: [program()] });
    // The call of a function that never returns was the last instruction of main: the return address is parse.
    names.batch({ stacks: [{ ...USER, frames: [BASE + 0x210, BASE + 0x100] }], rows: [{ tgid: 42, user: 7 }] });
    await names.nameAll();
    expect(names.told).toEqual(['task(/usr/bin/task): main;read_file 1']);
  });

  it('of a process that is gone is named by build-id where anyone else has the file', async () => {
    proc.put(42, { exe: '/usr/bin/task', maps: [program()] });
    names.batch({ stacks: [BY_BUILD_ID], rows: [{ tgid: 77, comm: 'short', user: 7, space: 2 }] });
    await names.nameAll();
    expect(names.told).toEqual(['short(): main;parse 1']);
    expect(names.view.processes).toMatchObject([{ pid: 77, startNs: 0, comm: 'short' }]);
  });

  it('of a build-id nobody has keeps build-id and offset for later', () => {
    names.batch({ stacks: [BY_BUILD_ID], rows: [{ tgid: 77, user: 7, space: 2 }] });
    expect(names.view.modules).toMatchObject([{ kind: 'library', path: '', buildId: BUILD_ID }]);
    expect(names.view.frames.map(({ offset }) => offset)).toEqual([0x101f, 0x1110]);
  });

  it('with a 16-byte build-id is the same module by address and by build-id', () => {
    const short = 'ab'.repeat(16);
    proc.put(42, { maps: [program('/usr/bin/task', writeElf({ buildId: short, symbols: SYMBOLS }))] });
    const frames = [{ buildId: `${short}00000000`, offset: 0x1110 }];
    names.batch({
      stacks: [USER, { hash: 7, space: 2, frames }],
      rows: [
        { tgid: 42, user: 7 },
        { tgid: 42, user: 7, space: 2 },
      ],
    });
    expect(names.view.modules).toHaveLength(1);
  });

  it('that ends in addresses of nothing ends in one unknown frame', () => {
    proc.put(42, { maps: [program()] });
    names.batch({
      stacks: [
        { ...USER, frames: [BASE + 0x110, 0x1234, 0x999, 0x77] },
        { ...USER, hash: 8, frames: [BASE + 0x110, 0x4321] },
      ],
      rows: [
        { tgid: 42, user: 7 },
        { tgid: 42, user: 8 },
      ],
    });
    expect(names.told).toEqual(['task(/usr/bin/task): [unknown]+0x0;/usr/bin/task+0x1110 2']);
  });

  it('in a library loaded after the mappings were read makes them be read again', () => {
    proc.put(42, { maps: [program()] });
    names.batch({ stacks: [USER], rows: [{ tgid: 42, user: 7 }] });
    const library = {
      start: 0x7000_0000,
      end: 0x7000_1000,
      offset: 0x1000,
      path: '/usr/lib/plugin.so',
      content: writeElf({ buildId: LIBC_ID }),
    };
    proc.put(42, { maps: [program(), library] });
    names.batch({ stacks: [{ ...USER, frames: [0x7000_0010] }], rows: [{ tgid: 42, user: 7 }] });
    expect(names.told.at(-1)).toBe('task(/usr/bin/task): /usr/lib/plugin.so+0x1010 1');
    expect(names.view.modules.at(-1)).toMatchObject({ kind: 'library', buildId: LIBC_ID });
  });

  it('in anonymous memory is JIT code of that process alone', async () => {
    const jit = { start: 0x6000_0000, end: 0x6000_1000, path: '' };
    for (const pid of [42, 43]) proc.put(pid, { maps: [jit] });
    names.batch({
      stacks: [{ ...USER, frames: [0x6000_0010] }],
      rows: [
        { tgid: 42, user: 7 },
        { tgid: 43, user: 7 },
      ],
    });
    await names.nameAll();
    expect(names.view.modules.map(({ kind }) => kind)).toEqual(['jit', 'jit']);
    expect(names.view.frames.map(({ module, offset }) => [module, offset])).toEqual([
      [1, 0x6000_0010],
      [2, 0x6000_0010],
    ]);
  });

  it('in a file of the same path but another build is not named after it', async () => {
    proc.put(42, { maps: [program()] });
    names.batch({ stacks: [USER], rows: [{ tgid: 42, user: 7 }] });
    const other = writeElf({ buildId: 'dd'.repeat(20), symbols: [{ name: 'wrong', start: 0x401000, size: 0x1000 }] });
    proc.put(42, { maps: [program('/usr/bin/task', other)] });
    await names.nameAll();
    expect(names.told[0]).toContain('+0x1110');
  });
});

describe('a process', () => {
  const row = { tgid: 42, user: 7, space: 2, samples: 1 };

  it('that replaces itself is a new one, and older samples stay with the old one', async () => {
    proc.put(42, { comm: 'sh', exe: '/bin/sh', maps: [program('/bin/sh')] });
    names.batch({ stacks: [BY_BUILD_ID], rows: [{ ...row, comm: 'sh' }] });
    await names.nameAll();
    names.batch({ stacks: [USER], rows: [{ tgid: 42, comm: 'sh', user: 7 }] });
    const other = writeElf({ buildId: LIBC_ID, symbols: [{ name: 'ls_main', start: 0x401000, size: 0x1000 }] });
    proc.put(42, {
      comm: 'ls',
      exe: '/bin/ls',
      image: '1 2 3',
      maps: [{ ...program('/bin/ls', other), start: BASE + 0x10000, end: BASE + 0x11000 }],
    });
    // One batch from both times: plain addresses are from before, build-ids from after.
    const after = { hash: 9, space: 2, frames: [{ buildId: LIBC_ID, offset: 0x1010 }] };
    expect(
      names.batch({
        stacks: [USER, after],
        rows: [
          { tgid: 42, comm: 'ls', user: 9, space: 2 },
          { tgid: 42, comm: 'sh', user: 7 },
        ],
      }),
    ).toEqual([42]);
    await names.nameAll();
    expect(names.told.slice(-2)).toEqual(['sh(/bin/sh): main;parse 1', 'ls(/bin/ls): ls_main 1']);
  });

  it('that replaced itself just before it became known is noticed one batch later', () => {
    proc.put(42, { comm: 'sh', exe: '/bin/sh', maps: [program('/bin/sh')] });
    expect(names.batch({ stacks: [BY_BUILD_ID], rows: [row] })).toEqual([42]);
    proc.put(42, {
      comm: 'ls',
      exe: '/bin/ls',
      image: '1 2 3',
      maps: [program('/bin/ls', writeElf({ buildId: LIBC_ID }))],
    });
    names.batch({ stacks: [USER], rows: [{ ...row, space: 1 }] });
    expect(names.told.at(-1)).toContain('ls(/bin/ls): /bin/ls+0x101f');
  });

  it('whose id is used again is another', () => {
    proc.put(42, { comm: 'one', maps: [program()] });
    names.batch({ stacks: [BY_BUILD_ID], rows: [row] });
    proc.put(42, { comm: 'two', startTicks: 900, maps: [program()] });
    names.batch({ stacks: [BY_BUILD_ID], rows: [row] });
    expect(names.view.processes.map(({ comm, startNs }) => [comm, startNs])).toEqual([
      ['one', 5e9],
      ['two', 9e9],
    ]);
  });

  it('that has ended since stays the same one, unless its name speaks against it', () => {
    proc.put(42, { comm: 'one', maps: [program()] });
    names.batch({ stacks: [BY_BUILD_ID], rows: [{ ...row, comm: 'one' }] });
    proc.remove(42);
    names.batch({ stacks: [BY_BUILD_ID], rows: [{ ...row, comm: 'one' }] });
    names.batch({ stacks: [BY_BUILD_ID], rows: [{ ...row, comm: 'stranger' }] });
    expect(names.view.processes.map(({ comm, startNs }) => [comm, startNs])).toEqual([
      ['one', 5e9],
      ['stranger', 0],
    ]);
  });

  it('says what it is', () => {
    const cgroup = `/system.slice/docker-${'5a'.repeat(32)}.scope`;
    proc.put(42, { comm: 'nginx', exe: '/usr/sbin/nginx', command: ['nginx', '-g', 'daemon off;'], cgroup, parent: 5 });
    names.batch({ rows: [{ tgid: 42, tid: 43, comm: 'worker/1' }] });
    expect(names.view.processes[0]).toMatchObject({
      pid: 42,
      startNs: 5e9,
      exe: '/usr/sbin/nginx',
      commandLine: 'nginx -g daemon off;',
      cgroup,
      container: '5a5a5a5a5a5a',
      unit: `docker-${'5a'.repeat(32)}.scope`,
      parentPid: 5,
      kernelThread: false,
      uid: process.getuid?.(),
    });
    expect(names.view.threads).toEqual([{ id: 1, process: 1, tid: 43, comm: 'worker/1' }]);
  });
});

describe('a kernel stack', () => {
  const stack = { hash: 3, space: 0, frames: [KERNEL + 0x110n, KERNEL + 0x2005n] };
  const table = Kallsyms.read(
    new MemoryReader(
      wire.kallsymsTable([
        [KERNEL, '_stext'],
        [KERNEL + 0x100n, 'vfs_read'],
        [KERNEL + 0x2000n, 'do_syscall_64'],
        [KERNEL + 0x3000n, 'ext4_read', 'ext4'],
        [KERNEL + 0x3100n, 'ext4_end', 'ext4'],
      ]),
    ),
  );

  it('lies on top of the user stack', async () => {
    proc.put(42, { maps: [program()] });
    if (table) names.kernel.useTable(table);
    names.batch({ stacks: [USER, stack], rows: [{ tgid: 42, user: 7, kernel: 3 }] });
    await names.nameAll();
    expect(names.told).toEqual(['task(/usr/bin/task): main;parse;do_syscall_64;vfs_read 1']);
  });

  it('is named late when its table comes late, and by function from then on', () => {
    const other = { ...stack, hash: 4, frames: [KERNEL + 0x120n, KERNEL + 0x2005n] };
    names.batch({ stacks: [stack], rows: [{ tgid: 2, comm: 'kswapd0', kernel: 3 }] });
    expect(names.told[0]).toContain('[kernel]+0xfffff81002004;[kernel]+0xfffff81000110');
    if (table) names.kernel.useTable(table);
    names.batch({
      stacks: [stack, other],
      rows: [
        { tgid: 2, comm: 'kswapd0', kernel: 3 },
        { tgid: 2, comm: 'kswapd0', kernel: 4 },
      ],
    });
    expect(names.told).toEqual(['kswapd0(): do_syscall_64;vfs_read 1', 'kswapd0(): do_syscall_64;vfs_read 2']);
  });

  it('says which kernel module a function is of', () => {
    if (table) names.kernel.useTable(table);
    names.batch({ stacks: [{ ...stack, frames: [KERNEL + 0x3010n] }], rows: [{ tgid: 2, kernel: 3 }] });
    expect(names.view.modules).toMatchObject([{ kind: 'kernel', path: '[ext4]' }]);
  });
});

describe('counts', () => {
  it('of rows that become equal are added, and all counters arrive', () => {
    proc.put(42, { maps: [program()] });
    const same = { ...USER, hash: 8 };
    names.batch({
      stacks: [USER, same],
      rows: [
        { tgid: 42, user: 7, samples: 3 },
        { tgid: 42, user: 8, samples: 4 },
      ],
      extra: { idle: 5, filtered: 6, mapFull: 7, stacksFull: 8, incomplete: 1 },
    });
    expect(names.view.windows[0]).toMatchObject({
      rows: 1,
      counters: {
        seen: 33,
        kept: 7,
        idle: 5,
        filtered: 6,
        lost: [
          { cause: 'map-full', count: 7 },
          { cause: 'stacks-full', count: 8 },
        ],
        incompleteStacks: 1,
      },
    });
    expect(names.told[0]).toMatch(/ 7$/);
  });

  it('of stacks the batch does not have are kept without them', () => {
    names.batch({ rows: [{ tgid: 42, user: 9, samples: 3 }] });
    expect(names.told).toEqual(['task():  3']);
    expect(names.view.windows[0]?.counters.incompleteStacks).toBe(3);
  });

  it('that nothing can be named for any more are lost, and said to be', () => {
    proc.put(42, { maps: [program()] });
    names.batch({ stacks: [USER], rows: [{ tgid: 42, user: 7, samples: 3 }] });
    names.dictionary.isFrozen = true;
    const fresh = { ...USER, hash: 8, frames: [BASE + 0x210] };
    names.batch({
      stacks: [USER, fresh],
      rows: [
        { tgid: 42, user: 7, samples: 3 },
        { tgid: 42, user: 8, samples: 5 },
        { tgid: 42, tid: 99, user: 7, samples: 6 },
      ],
    });
    expect(names.view.windows[1]?.counters).toMatchObject({
      seen: 14,
      kept: 3,
      lost: [{ cause: 'spool-full', count: 11 }],
    });
    expect(names.told).toHaveLength(2);
  });

  it('that do not add up are refused', () => {
    const bytes: Buffer = wire.batch({ number: 0, from: 1, to: 2, rows: [{ tgid: 1 }] } as never);
    const counters = bytes.indexOf(wire.counters([{ samples: 1 }]));
    bytes.writeBigUInt64LE(9n, counters);
    expect(() => names.mapper.map(build(bytes), 0)).toThrow('9 events seen, 1 accounted for');
  });

  it('from rows or stacks that do not fit are refused', () => {
    const { stacks, rows, ...rest } = build(
      wire.batch({ number: 0, from: 1, to: 2, stacks: [USER], rows: [{ tgid: 42, user: 7 }] } as never),
    );
    expect(() => names.mapper.map({ ...rest, stacks, rows: [rows[0]?.subarray(1) ?? new Uint8Array(0)] }, 0)).toThrow(
      '63 bytes',
    );
    expect(() =>
      names.mapper.map({ ...rest, rows, stacks: [stacks[0]?.subarray(0, 20) ?? new Uint8Array(0)] }, 0),
    ).toThrow('does not fit');
  });
});

describe('the layout of rows', () => {
  const description = (change: (probe: { rowSize: number; fields: { name: string; kind: string }[] }) => void) => {
    const copy = structuredClone(wire.DESCRIPTION);
    change(copy.probes[0] as never);
    return parseDescription(JSON.stringify(copy));
  };

  it('comes from the loader', () => {
    expect(layout).toMatchObject({ size: 64, tgid: 24, comm: 40, life: -1, userSpace: 36, events: 3 });
  });

  it('that does not fit the manifest is refused', () => {
    expect(() =>
      rowLayout(
        description((probe) => (probe.rowSize = 60)),
        manifest,
      ),
    ).toThrow('outside of the row');
    expect(() =>
      rowLayout(
        description((probe) => probe.fields.splice(8, 1)),
        manifest,
      ),
    ).toThrow('no field for column samples');
    expect(() => rowLayout({ wire: { version: 1 }, machine: '', probes: [] }, manifest)).toThrow('no such probe');
    expect(() => parseDescription('{"wire":{"version":2}}')).toThrow('speaks version 2');
    expect(() => parseDescription('usage: loader')).toThrow('does not describe itself');
  });
});
