import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryReader } from '../../../remote-agent/agent/elf/reader.ts';
import { Kallsyms } from '../../../remote-agent/agent/names/kallsyms.ts';
import { addressBits } from '../../../remote-agent/protocol/index.ts';
import { seeded } from '../protocol/seeded.ts';
import { kallsymsTable } from './wire-writer.mjs';

const open = (symbols: [bigint, string, string?][]) => Kallsyms.read(new MemoryReader(kallsymsTable(symbols)));

function find(symbols: [bigint, string, string?][], address: bigint): string | null {
  const symbol = open(symbols)?.find(addressBits(address));
  return symbol
    ? `${symbol.name.toString()}${symbol.module && ` [${symbol.module}]`}+${addressBits(address) - symbol.start}`
    : null;
}

const KERNEL = 0xffff_ffff_8100_0000n;
const MODULE = 0xffff_ffff_c000_0000n;
const symbols: [bigint, string, string?][] = [
  [KERNEL, '_stext'],
  [KERNEL + 0x100n, 'vfs_read'],
  [KERNEL + 0x300n, '_etext'],
  [MODULE, 'ext4_iget', 'ext4'],
  [MODULE + 0x80n, 'ext4_last', 'ext4'],
  [MODULE + 0x10000n, 'tun_init', 'tun'],
];

describe('kernel symbols', () => {
  it.each([
    [KERNEL - 1n, null],
    [KERNEL, '_stext+0'],
    [KERNEL + 0x2ffn, 'vfs_read+511'],
    [MODULE + 0x7fn, 'ext4_iget [ext4]+127'],
    [MODULE + 0x90n, 'ext4_last [ext4]+16'],
    [MODULE + 0x80n + 4096n, null], // behind the last function of its module: code that came later
    [MODULE + 0x10000n + 5n, 'tun_init [tun]+5'],
    [KERNEL + 0x300n + 4096n, null],
  ])('%x', (address, name) => {
    expect(find(symbols, address)).toBe(name);
  });

  it('of a 32-bit kernel', () => {
    expect(
      find(
        [
          [0xc000_8000n, 'stext'],
          [0xc000_9000n, 'next'],
        ],
        0xc000_8004n,
      ),
    ).toBe('stext+4');
  });

  it('are found in tables of any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(400 * 16), (count, offset) => {
        const table = open(Array.from({ length: count }, (_, i) => [KERNEL + BigInt(i * 16), `f${i}`]));
        const index = Math.min(Math.floor(offset / 16), count - 1);
        expect(table?.find(addressBits(KERNEL) + Math.min(offset, count * 16 - 1))?.name.toString()).toBe(`f${index}`);
      }),
    );
  });

  it('of an unfinished or damaged table are not used', () => {
    const table: Buffer = kallsymsTable(symbols);
    expect(Kallsyms.read(new MemoryReader(Buffer.alloc(0)))).toBeNull();
    expect(Kallsyms.read(new MemoryReader(Buffer.concat([Buffer.alloc(8), table.subarray(8)])))).toBeNull();
    const { seed, random } = seeded();
    for (let round = 0; round < 500; round++) {
      const damaged = Buffer.from(table.subarray(0, Math.floor(random() * table.length)));
      for (let i = 0; i < 3 && damaged.length; i++)
        damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      expect(
        () => Kallsyms.read(new MemoryReader(damaged))?.find(addressBits(MODULE + 5n)),
        `seed ${seed}`,
      ).not.toThrow();
    }
  });
});
