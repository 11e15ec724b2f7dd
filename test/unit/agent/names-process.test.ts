/** Whose samples they are: processes that replace themselves, end, and share an id. */
import { describe, expect, it } from 'vitest';
import { writeElf } from './elf-writer.ts';
import { BASE, BY_BUILD_ID, LIBC_ID, names, proc, program, USER, useNames } from './names-stage.ts';

useNames();

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
