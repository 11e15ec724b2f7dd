import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { demangle } from '../../../electron/symbols/index.ts';

test.each([
  [
    'C++',
    '_ZN3art10ArenaStack19AllocWithMemoryToolEjNS_14ArenaAllocKindE',
    'art::ArenaStack::AllocWithMemoryTool(unsigned int, art::ArenaAllocKind)',
  ],
  ['C++, template', '_ZNK5boost6spirit8hold_any4castIiEERKT_v', 'boost::spirit::hold_any::cast<int>() const'],
  ['C++, split by the compiler', '_ZN3foo3barEv.cold', 'foo::bar() [clone .cold]'],
  ['C++, versioned', '_ZNSolsEi@@GLIBCXX_3.4', 'std::ostream::operator<<(int)'],
  ['C++, block', '___Z3foov_block_invoke', 'invocation function for block in foo()'],
  ['Rust, legacy', '_ZN5tokio7runtime4park17h0123456789abcdefE.llvm.99', 'tokio::runtime::park'],
  [
    'Rust, legacy escapes',
    '_ZN4core3ptr85drop_in_place$LT$std..rt..lang_start$LT$$LP$$RP$$GT$..$u7b$$u7b$closure$u7d$$u7d$$GT$17h0123456789abcdefE',
    'core::ptr::drop_in_place<std::rt::lang_start<()>::{{closure}}>',
  ],
  ['Rust, v0', '_RINvNtC3std3mem8align_ofdE', 'std::mem::align_of::<f64>'],
])('%s', (_, mangled, readable) => {
  expect(demangle(mangled)).toBe(readable);
});

test.each([
  '',
  'read',
  '_start',
  '__libc_start_main',
  '_Dmain',
  'main.(*T).foo',
  '_Z',
  '_ZN',
  '_ZN3fo',
  '_RNv',
  '?',
  'LazyCompile:~run /app/x.js:1',
  'a;b',
])('gives %j back as it is', (name) => {
  expect(demangle(name)).toBe(name);
});

test('never throws, whatever the name', () => {
  const piece = fc.constantFrom(
    '_Z',
    'N',
    'S_',
    'S0_',
    'I',
    'E',
    '3foo',
    '1A',
    'K',
    'P',
    'L',
    'T_',
    '_R',
    'Nv',
    'Cs',
    'B',
    '$LT$',
    '@',
    '\u{1f600}',
    '\0',
  );
  fc.assert(
    fc.property(fc.constantFrom('_Z', '_R', '?', '__Z'), fc.array(piece, { maxLength: 200 }), (start, pieces) => {
      expect(typeof demangle(start + pieces.join(''))).toBe('string');
    }),
    { seed: 7, numRuns: 2000 },
  );
});

/** Each template argument holds its predecessor twice: the text doubles with each level. */
function bomb(levels: number, name: string): string {
  let mangled = `_Z${name.length}${name}1AI1BE`;
  for (let level = 1; level <= levels; level++) {
    const last = level === 1 ? 'S1_' : `S${level.toString(36).toUpperCase()}_`;
    mangled += `S_I${last}${last}E`;
  }
  return mangled;
}

test('a name that stands for gigabytes is shown as it is, and soon costs nothing', async () => {
  vi.resetModules(); // counts attacks on its own
  const { demangle } = await import('../../../electron/symbols/index.ts');
  expect(demangle(bomb(2, 'f'))).toBe('f(A<B>, A<A<B>, A<B> >, A<A<A<B>, A<B> >, A<A<B>, A<B> > >)');
  const started = performance.now();
  for (let i = 0; i < 1000; i++) expect(demangle(bomb(24, `f${i}`))).toBe(bomb(24, `f${i}`));
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('goes on after an attack', async () => {
  vi.resetModules();
  const { demangle } = await import('../../../electron/symbols/index.ts');
  demangle(bomb(24, 'f'));
  expect(demangle('_ZN3foo3barEv')).toBe('foo::bar()');
});

test('the cache is emptied when it is full, and goes on', () => {
  const long = 'x'.repeat(1000);
  for (let i = 0; i < 6000; i++) demangle(`_ZN3foo${long.length + 4}${long}${1000 + i}Ev`);
  expect(demangle('_ZN3foo3barEv')).toBe('foo::bar()');
});
