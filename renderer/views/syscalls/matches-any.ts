import type { SearchTerm } from '../../derive/index.ts';

/** One of a row's texts by itself (`^cat`), or all of them as they are read (`openat .*cat`). */
export function matchesAny({ expression }: SearchTerm, texts: readonly string[]): boolean {
  return texts.some((text) => expression.test(text)) || expression.test(texts.join(' '));
}
