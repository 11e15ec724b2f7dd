import { expect, test } from 'vitest';
import { blankLanguages } from '../../../build/node-runtime/languages.mjs';

/** ICU's package of these entries, each `size` bytes of x, somewhere in a program. */
function programWith(names: readonly string[], size: number) {
  const header = Buffer.alloc(32);
  header.writeUInt16LE(header.length);
  header.set([0xda, 0x27], 2);
  header.write('CmnD', 12);
  const texts = names.map((name) => Buffer.from(`icudt78l/${name}\0`));
  const table = Buffer.alloc(4 + 8 * names.length);
  table.writeUInt32LE(names.length);
  let nameAt = table.length;
  let dataAt = nameAt + texts.reduce((sum, text) => sum + text.length, 0);
  const before = Buffer.from('code, and the word CmnD in a message');
  const at: Record<string, number> = {};
  for (const [i, name] of names.entries()) {
    table.writeUInt32LE(nameAt, 4 + 8 * i);
    table.writeUInt32LE(dataAt, 8 + 8 * i);
    at[name] = before.length + header.length + dataAt;
    nameAt += texts[i]?.length ?? 0;
    dataAt += size;
  }
  const program = Buffer.concat([before, header, table, ...texts, Buffer.alloc(size * names.length, 'x')]);
  return { program, at };
}

test('English and what all languages share stay, the others are blanked, nothing moves', () => {
  const kept = ['brkitr/line.brk', 'cnvalias.icu', 'coll/root.res', 'curr/en_GB.res', 'en.res', 'pool.res'];
  const blanked = [
    'brkitr/thaidict.dict',
    'coll/de_.res',
    'de.res',
    'gb18030.cnv',
    'sr_Latn_ME.res',
    'translit/root.res',
  ];
  const names = [...kept, ...blanked].sort();
  const { program, at } = programWith([...names, 'zoneinfo64.res'], 40);
  const { length } = program;
  const entry = (name: string) => program.toString('latin1', at[name], (at[name] ?? 0) + 40);
  expect(blankLanguages(program)).toBe(40 * blanked.length);
  for (const name of [...kept, 'zoneinfo64.res']) expect([name, entry(name)]).toEqual([name, 'x'.repeat(40)]);
  for (const name of blanked) expect([name, entry(name)]).toEqual([name, '\0'.repeat(40)]);
  expect(program.length).toBe(length);
});

test('the last entry has no end that is written anywhere: it stays', () => {
  const { program, at } = programWith(['af.res', 'zu.res'], 8);
  expect(blankLanguages(program)).toBe(8);
  expect(program.toString('latin1', at['zu.res'])).toBe('x'.repeat(8));
});

test('a Node without that data is refused', () => {
  expect(() => blankLanguages(Buffer.from('CmnD, but no package'))).toThrow('no data of ICU');
});
