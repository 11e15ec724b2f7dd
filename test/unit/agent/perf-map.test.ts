import { describe, expect, it } from 'vitest';
import { MemoryReader } from '../../../remote-agent/agent/elf/reader.ts';
import { PerfMap } from '../../../remote-agent/agent/names/perf-map.ts';
import { seeded } from '../protocol/seeded.ts';

const reader = (text: string) => new MemoryReader(Buffer.from(text, 'latin1'));

function find(map: PerfMap, text: string, address: number): string | null {
  while (map.extend(reader(text), 1 << 16));
  return map.find(reader(text), address)?.toString('latin1') ?? null;
}

describe('a perf map', () => {
  const text = '3f0000 40 LazyCompile:~sum /app/a.js:3\n3f0040 10 Stub:x\n';

  it.each([
    [0x3effff, null],
    [0x3f0000, 'LazyCompile:~sum /app/a.js:3'],
    [0x3f003f, 'LazyCompile:~sum /app/a.js:3'],
    [0x3f004f, 'Stub:x'],
    [0x3f0050, null],
  ])('%x', (address, name) => {
    expect(find(new PerfMap(), text, address)).toBe(name);
  });

  it('is read on from where it ended, without lines that are still being written', () => {
    const map = new PerfMap();
    expect(find(map, '100 10 one\n200 10 tw', 0x205)).toBeNull();
    expect(find(map, '100 10 one\n200 10 two\n', 0x205)).toBe('two');
    expect(find(map, '100 10 one\n200 10 two\n100 8 newer\n', 0x105)).toBe('newer');
    expect(find(map, '100 10 one\n200 10 two\n100 8 newer\n', 0x109)).toBe('one');
  });

  it('larger than one turn takes several', () => {
    const long = Array.from({ length: 20_000 }, (_, i) => `${(i * 16).toString(16)} 10 function_number_${i}\n`).join(
      '',
    );
    const map = new PerfMap();
    expect(map.extend(reader(long), 1000)).toBe(true);
    expect(find(map, long, 19_999 * 16 + 3)).toBe('function_number_19999');
  });

  it('of anything at all is survived', () => {
    const { seed, random, bytes } = seeded();
    for (let round = 0; round < 300; round++) {
      const words = Array.from(
        { length: 20 },
        () => ['100', '-5', 'zz', ' ', '\n', 'ffffffffffffffffffff', '0'][Math.floor(random() * 7)],
      ).join(' ');
      const text = words + Buffer.from(bytes(100)).toString('latin1');
      expect(() => find(new PerfMap(), text, 0x100), `seed ${seed}`).not.toThrow();
    }
    expect(find(new PerfMap(), 'x'.repeat(200_000), 5)).toBeNull();
  });
});
