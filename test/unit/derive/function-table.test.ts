import { describe, expect, it } from 'vitest';
import type { FrameDef, ModuleDef } from '../../../remote-agent/protocol/signal.ts';
import { FRAME_KINDS, FunctionIndex, functionTable, Names } from '../../../renderer/derive/index.ts';
import { shortName } from '../../../renderer/derive/function-name.ts';
import type { Tables } from '../../../renderer/store/index.ts';
import { snapshotOf } from './drawn.ts';

const MODULES: (ModuleDef | undefined)[] = [
  undefined,
  { id: 1, kind: 'kernel', path: '[kernel]', buildId: '' },
  { id: 2, kind: 'library', path: '/usr/lib/libfoo.so.1', buildId: '' },
  { id: 3, kind: 'jit', path: '', buildId: '' },
  { id: 4, kind: 'unknown', path: '', buildId: '' },
];

function frame(id: number, module: number, offset: number, name = '', interpreted = false): FrameDef {
  return { id, module, offset, name, interpreted };
}

function tablesWith(frames: readonly FrameDef[]): Tables {
  const table: (FrameDef | undefined)[] = [undefined];
  for (const each of frames) table[each.id] = each;
  return { ...snapshotOf('').tables, modules: MODULES, frames: table };
}

describe('functionTable', () => {
  it('takes the same name in the same module for one function', () => {
    const { ofFrame } = functionTable(
      tablesWith([frame(1, 2, 0x10, 'f'), frame(2, 2, 0x50, 'f'), frame(3, 1, 0x10, 'f')]),
    );
    expect(ofFrame[1]).toBe(ofFrame[2]);
    expect(ofFrame[1]).not.toBe(ofFrame[3]);
  });

  it('names frames without a name by module and place, near ones together', () => {
    const tables = tablesWith([
      frame(1, 2, 0x1234),
      frame(2, 2, 0x12f0),
      frame(3, 2, 0x1300),
      frame(4, 1, 2 ** 60),
      frame(5, 3, 77),
      frame(6, 4, 9),
    ]);
    const functions = functionTable(tables);
    const names = new Names(tables, functions);
    expect([1, 2, 3, 4, 5, 6].map((id) => names.name(functions.ofFrame[id]!))).toEqual([
      'libfoo.so.1+0x1200',
      'libfoo.so.1+0x1200',
      'libfoo.so.1+0x1300',
      '[kernel]',
      '[code made at run time]',
      '[unknown]',
    ]);
  });

  it('knows whose code a function is', () => {
    const { tables } = snapshotOf('app;main;loop@libc.so;read_[k];f_[j];g_[i]');
    const { kind, name } = functionTable(tables);
    expect(Object.fromEntries(name.map((each, id) => [each, FRAME_KINDS[kind[id]!]]))).toMatchObject({
      main: 'application',
      loop: 'library',
      read: 'kernel',
      f: 'interpreted',
      g: 'interpreted',
      '[unknown]': 'unknown',
    });
  });

  it('says the same when grown step by step, up to the numbers of its functions', () => {
    const frames = Array.from({ length: 60 }, (_, i) => frame(i + 1, 1 + (i % 4), i * 100, i % 3 ? `f${i % 7}` : ''));
    const index = new FunctionIndex();
    for (let count = 0; count <= frames.length; count += 7) index.update(tablesWith(frames.slice(0, count)));
    const grown = index.update(tablesWith(frames));
    const fresh = functionTable(tablesWith(frames));
    for (let id = 1; id <= frames.length; id++) {
      expect(grown.name[grown.ofFrame[id]!]).toBe(fresh.name[fresh.ofFrame[id]!]);
      expect(grown.rank[grown.ofFrame[id]!]).toBe(fresh.rank[fresh.ofFrame[id]!]);
    }
  });

  it('gives the same object until something changed, and leaves old ones as they were', () => {
    const index = new FunctionIndex();
    const frames = [frame(1, 2, 0x1234), frame(2, 2, 0x1240)];
    const before = index.update(tablesWith(frames));
    expect(index.update(tablesWith(frames))).toBe(before);
    const unnamed = before.ofFrame[1]!;
    const after = index.update(tablesWith([frame(1, 2, 0x1234, 'late'), frames[1]!]));
    expect(after.name[after.ofFrame[1]!]).toBe('late');
    expect([before.ofFrame[1], after.ofFrame[2]]).toEqual([unnamed, unnamed]);
    expect(after.renamed.get(unnamed)).toBe(after.ofFrame[1]);
  });
});

describe('shortName', () => {
  it.each([
    ['std::vector<int, std::allocator<int> >::push_back(int const&)', 'std::vector<…>::push_back'],
    ['foo(bar(int), baz) const', 'foo'],
    ['foo(int) [clone .isra.0]', 'foo'],
    ['(anonymous namespace)::run(void*)', '(anonymous namespace)::run'],
    ['<T as core::fmt::Display>::fmt', '<T as core::fmt::Display>::fmt'],
    ['core::ops::function::FnOnce<(A, B)>::call', 'core::ops::function::FnOnce<…>::call'],
    ['operator<<(std::ostream&)', 'operator<<(std::ostream&)'],
    ['LazyCompile:*handle /srv/app/server.js:10:3', 'handle server.js:10:3'],
    ['JS:~ file:///srv/app/main.mjs:1:1', '(anonymous) main.mjs:1:1'],
    ['py::run:/usr/lib/python3/x.py', 'run x.py'],
    ['py::<module>:<string>', '<module> <string>'],
    ['do_syscall_64', 'do_syscall_64'],
    ['[unknown]', '[unknown]'],
    ['a < b', 'a < b'],
    ['', ''],
  ])('%s → %s', (name, short) => expect(shortName(name)).toBe(short));
});
