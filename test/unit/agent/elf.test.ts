import { closeSync, existsSync, openSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EM_ARM, parseElf, symbolTable, vaddrOf } from '../../../remote-agent/agent/elf/elf.ts';
import { type ByteReader, FileReader, MemoryReader } from '../../../remote-agent/agent/elf/reader.ts';
import { type NamedRange, symbolPass } from '../../../remote-agent/agent/elf/symbol-pass.ts';
import { hexText } from '../../../remote-agent/protocol/index.ts';
import { seeded } from '../protocol/seeded.ts';
import { type ElfPlan, FUNC, GLOBAL, LOCAL, NOTYPE, WEAK, writeElf } from './elf-writer.ts';

function resolve(reader: ByteReader, addresses: readonly number[]): (NamedRange | null)[] {
  const elf = parseElf(reader);
  const symbols = elf && symbolTable(elf);
  if (!elf || !symbols) return addresses.map(() => null);
  const pass = symbolPass(reader, elf, symbols, addresses);
  for (;;) {
    const turn = pass.next();
    if (turn.done) return turn.value;
  }
}

const names = (plan: ElfPlan, addresses: readonly number[]) =>
  resolve(new MemoryReader(writeElf(plan)), addresses).map((range) => range?.name ?? null);

const SHAPES = [
  { bits: 64, isBigEndian: false },
  { bits: 64, isBigEndian: true },
  { bits: 32, isBigEndian: false },
  { bits: 32, isBigEndian: true },
] as const;

describe.each(SHAPES)('an ELF file of $bits bits, big endian: $isBigEndian', (shape) => {
  it('says where it is loaded and which build it is', () => {
    const elf = parseElf(new MemoryReader(writeElf({ ...shape, buildId: 'cafe0123456789abcdef' })));
    expect(elf).toMatchObject({ is64: shape.bits === 64, isLittle: !shape.isBigEndian, machine: 62 });
    expect(hexText(elf?.buildId ?? new Uint8Array(0))).toBe('cafe0123456789abcdef');
    expect(elf && [0xfff, 0x1000, 0x1fff, 0x2000].map((offset) => vaddrOf(elf, offset))).toEqual([
      -1, 0x401000, 0x401fff, -1,
    ]);
  });

  it('names what lies in its functions, and nothing else', () => {
    const symbols = [
      { name: 'second', start: 0x401020, size: 0x10 },
      { name: 'first', start: 0x401000, size: 0x10 },
    ];
    expect(
      names({ ...shape, symbols }, [0x400fff, 0x401000, 0x40100f, 0x401010, 0x40101f, 0x401020, 0x40102f, 0x401030]),
    ).toEqual([null, 'first', 'first', null, null, 'second', 'second', null]);
  });
});

describe('names', () => {
  it('are those of the innermost function', () => {
    const symbols = [
      { name: 'outer', start: 0x401000, size: 0x100 },
      { name: 'inner', start: 0x401040, size: 0x10 },
    ];
    expect(names({ symbols }, [0x401030, 0x401045, 0x401060])).toEqual(['outer', 'inner', 'outer']);
  });

  it('of functions without a size reach to the next symbol, or to the end of their section', () => {
    const symbols = [
      { name: 'memcpy', start: 0x401000 },
      { name: 'sized', start: 0x401040, size: 8 },
      { name: 'last', start: 0x401f00 },
    ];
    expect(names({ symbols }, [0x40103f, 0x401044, 0x401048, 0x401eff, 0x401fff, 0x402000])).toEqual([
      'memcpy',
      'sized',
      null,
      null,
      'last',
      null,
    ]);
  });

  it('of aliases are the strongest, then the plainest', () => {
    const at = { start: 0x401000, size: 0x10 };
    expect(
      names(
        {
          symbols: [
            { name: '__libc_malloc', ...at },
            { name: 'malloc', ...at },
            { name: '__malloc', ...at },
          ],
        },
        [0x401004],
      ),
    ).toEqual(['malloc']);
    expect(
      names(
        {
          symbols: [
            { name: 'aa', ...at, binding: WEAK },
            { name: 'strong', ...at },
            { name: 'b', ...at, binding: LOCAL },
          ],
        },
        [0x401004],
      ),
    ).toEqual(['strong']);
    expect(
      names(
        {
          symbols: [
            { name: 'label', start: 0x401000, type: NOTYPE },
            { name: 'real_function', ...at },
          ],
        },
        [0x401004],
      ),
    ).toEqual(['real_function']);
  });

  it('are not taken from data, from undefined or from local untyped symbols', () => {
    const at = { start: 0x401000, size: 0x10 };
    expect(names({ symbols: [{ name: 'object', ...at, type: 1 }] }, [0x401004])).toEqual([null]);
    expect(names({ symbols: [{ name: 'undefined', ...at, section: 0 }] }, [0x401004])).toEqual([null]);
    expect(names({ symbols: [{ name: '$x', ...at, type: NOTYPE, binding: LOCAL }] }, [0x401004])).toEqual([null]);
    expect(
      names({ symbols: [{ name: '_start', start: 0x401000, type: NOTYPE, binding: GLOBAL }] }, [0x401004]),
    ).toEqual(['_start']);
  });

  it('of ARM functions lose the Thumb bit', () => {
    const plan: ElfPlan = {
      bits: 32,
      machine: EM_ARM,
      code: { offset: 0x1000, vaddr: 0x11000, size: 0x1000 },
      symbols: [{ name: 'thumb', start: 0x11001, size: 4 }],
    };
    expect(names(plan, [0x10fff, 0x11000, 0x11003, 0x11004])).toEqual([null, 'thumb', 'thumb', null]);
  });

  it('may come from the table for dynamic linking', () => {
    const symbols = [{ name: 'exported', start: 0x401000, size: 4 }];
    expect(names({ symbols, isStripped: true }, [0x401000])).toEqual(['exported']);
    const elf = parseElf(new MemoryReader(writeElf({ symbols, isStripped: true })));
    expect(elf && symbolTable(elf)?.isFull).toBe(false);
  });

  it('are any bytes, but not longer than 4 KiB', () => {
    const symbols = [
      { name: 'caf\xe9', start: 0x401000, size: 4 },
      { name: 'x'.repeat(5000), start: 0x401010, size: 4 },
      { name: 'y'.repeat(3000), start: 0x401020, size: 4 },
    ];
    expect(names({ symbols }, [0x401000, 0x401010, 0x401020])).toEqual(['caf\xe9', null, 'y'.repeat(3000)]);
  });

  it('are found wherever they are', () => {
    for (const far of [0x7fff_0000, 0x1_0040_1000, 0x7f00_0040_1000]) {
      const symbols = [
        { name: 'near', start: 0x401000, size: 8 },
        { name: 'far', start: far, size: 8 },
        { name: 'both', start: 0x400000, size: far },
      ];
      expect(names({ symbols }, [0x401004, 0x401008, far - 1, far, far + 7, far + 0x400000])).toEqual([
        'near',
        'both',
        'both',
        'far',
        'far',
        null,
      ]);
    }
  });

  it('agree with a search that looks at every symbol', () => {
    const symbol = fc.record({
      start: fc.integer({ min: 0x401000, max: 0x401200 }),
      size: fc.integer({ min: 0, max: 64 }),
    });
    fc.assert(
      fc.property(
        fc.array(symbol, { maxLength: 40 }),
        fc.uniqueArray(fc.integer({ min: 0x400ff0, max: 0x401250 }), { maxLength: 40 }),
        (plan, wanted) => {
          const addresses = wanted.sort((a, b) => a - b);
          const starts = new Set<number>();
          const symbols = plan
            .filter(({ start }) => !starts.has(start) && starts.add(start))
            .map((one, i) => ({ ...one, name: `f${i}` }));
          const expected = addresses.map((address) => {
            const below = symbols.filter(({ start }) => start <= address).sort((a, b) => b.start - a.start);
            const around = below.find(({ start, size }) => address < start + size);
            return around?.name ?? (below[0]?.size === 0 && address < 0x402000 ? below[0].name : null);
          });
          expect(names({ symbols }, addresses)).toEqual(expected);
        },
      ),
    );
  });
});

describe('hostile files', () => {
  it('of random bytes, or with random bytes changed, are survived', () => {
    const { seed, random, bytes } = seeded();
    const good = writeElf({ buildId: 'cafe', symbols: [{ name: 'f', start: 0x401000, size: 16 }] });
    for (let round = 0; round < 2000; round++) {
      const file = random() < 0.2 ? Buffer.from(bytes(400)) : Buffer.from(good);
      if (random() < 0.5) Buffer.of(0x7f, 0x45, 0x4c, 0x46).copy(file);
      for (let i = 0; i < 4; i++) file[Math.floor(random() * file.length)] = Math.floor(random() * 256);
      expect(
        () =>
          resolve(new MemoryReader(file.subarray(0, Math.floor(random() * file.length * 1.5))), [0x401000, 0x401008]),
        `seed ${seed}`,
      ).not.toThrow();
    }
  });

  it('with symbols that claim to contain everything do not take for ever', () => {
    const symbols = Array.from({ length: 20_000 }, (_, i) => ({
      name: 'f',
      start: 0x401000 + (i % 7),
      size: 2 ** 40,
      type: FUNC,
    }));
    const start = performance.now();
    const addresses = Array.from({ length: 512 }, (_, i) => 0x401100 + i);
    expect(names({ symbols }, addresses)).toEqual(addresses.map(() => 'f'));
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe.runIf(existsSync('/proc/self/exe'))("this computer's own files", () => {
  it('have the build-ids and names the linker gave them', () => {
    const fd = openSync('/proc/self/exe', 'r');
    const reader = new FileReader(fd);
    const elf = parseElf(reader);
    expect(elf?.segments.some(({ isExecutable }) => isExecutable)).toBe(true);
    const symbols = elf && symbolTable(elf);
    expect(symbols?.size).toBeGreaterThan(10_000);
    closeSync(fd);
  });
});
