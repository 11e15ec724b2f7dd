import { useDeferredValue, useMemo, useState } from 'react';
import { Matcher, matchTree, parseSearch, type Profile, ROOT, type TreeMatches } from '../../derive/index.ts';
import type { SearchResult } from './search-box.tsx';

export interface Search {
  readonly text: string;
  setText(text: string): void;
  /** null = nothing is looked for. */
  readonly matcher: Matcher | null;
  readonly isMatch: ((functionId: number) => boolean) | null;
  /** In the tree that is shown. */
  readonly matches: TreeMatches | null;
  /** Of the match the user is at; null where there is none. */
  result(selectedNode: number | null): SearchResult | null;
  /** Node of the next or previous match, around the end. */
  step(selectedNode: number | null, by: 1 | -1): number | null;
}

export function useSearch({ names, shown }: Pick<Profile, 'names' | 'shown'>): Search {
  const [text, setText] = useState('');
  // Typing stays quick while a large tree is being matched.
  const settled = useDeferredValue(text);
  const term = useMemo(() => parseSearch(settled), [settled]);
  const matcher = useMemo(() => (term ? new Matcher(term, names) : null), [term, names]);
  const matches = useMemo(() => (matcher ? matchTree(shown, matcher) : null), [matcher, shown]);
  const isMatch = useMemo(() => (matcher ? (id: number) => matcher.matches(id) : null), [matcher]);
  return {
    text,
    setText,
    matcher,
    isMatch,
    matches,
    result(selectedNode) {
      if (!term || !matches) return null;
      const { nodes, weight } = matches;
      const all = shown.total[ROOT]!;
      const at = selectedNode === null ? 0 : nodes.indexOf(selectedNode) + 1;
      return { count: nodes.length, at, share: all > 0 ? weight / all : 0, invalid: term.invalid };
    },
    step(selectedNode, by) {
      const nodes = matches?.nodes ?? [];
      if (nodes.length === 0) return null;
      const from = selectedNode ?? -1;
      const after = nodes.findIndex((node) => node > from);
      const next = after < 0 ? 0 : after;
      if (by === 1) return nodes[next]!;
      const before = nodes.findLastIndex((node) => node < from);
      return before < 0 ? nodes.at(-1)! : nodes[before]!;
    },
  };
}
