/** "read write @5 open" → 0 read, 1 write, 5 open: how build/syscall-tables.mjs packs names by their numbers. */
export function unpackNames(packed: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  let number = 0;
  for (const word of packed.split(' ')) {
    if (word.startsWith('@')) number = Number(word.slice(1));
    else if (word !== '') names.set(number++, word);
  }
  return names;
}
