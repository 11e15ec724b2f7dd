/** Batches of a loader in, named stacks out: row mapping, modules and names together, with a /proc of files. */
import { describe, expect, it, vi } from 'vitest';
import { Kallsyms } from '../../../remote-agent/agent/names/kallsyms.ts';
import { MemoryReader } from '../../../remote-agent/agent/elf/reader.ts';
import { writeElf } from './elf-writer.ts';
import {
  BASE,
  BUILD_ID,
  SYMBOLS,
  BY_BUILD_ID,
  KERNEL,
  LIBC_ID,
  names,
  proc,
  program,
  USER,
  useNames,
} from './names-stage.ts';
import * as wire from './wire-writer.mjs';

useNames();

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
