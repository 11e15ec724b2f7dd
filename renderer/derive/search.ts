import type { FunctionTable } from './function-table.ts';
import type { Names } from './names.ts';
import type { NodeKey } from './node-key.ts';
import { type CallTree, ROOT } from './tree.ts';

export interface SearchTerm {
  readonly text: string;
  readonly expression: RegExp;
  /** What is wrong with the text as a regular expression; it is then looked for as it stands. */
  readonly invalid: string | null;
}

/** null = nothing is looked for. Upper case in the text makes case matter. */
export function parseSearch(text: string): SearchTerm | null {
  if (text === '') return null;
  const flags = /[A-Z]/.test(text.replace(/\\[A-Z]/g, '')) ? 'u' : 'iu';
  try {
    return { text, expression: new RegExp(text, flags), invalid: null };
  } catch (error) {
    return { text, expression: new RegExp(escaped(text), flags), invalid: reasonOf(error) };
  }
}

/** The text to search for exactly this name. */
export function exactSearch(name: string): string {
  return `^${escaped(name)}$`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** "Invalid regular expression: /a(/iu: Unterminated group" → "unterminated group" */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : '';
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}

/** Which keys match, by name or by module file. Every function is asked once, when it first turns up. */
export class Matcher {
  readonly term: SearchTerm;
  readonly #answers = new Map<NodeKey, boolean>();
  readonly #names: Names;

  constructor(term: SearchTerm, names: Names) {
    this.term = term;
    this.#names = names;
  }

  matches(key: NodeKey): boolean {
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      const { expression } = this.term;
      answer = expression.test(this.#names.name(key)) || expression.test(this.#names.module(key));
      this.#answers.set(key, answer);
    }
    return answer;
  }

  /** Function ids that match. */
  functions(table: FunctionTable): number[] {
    const found: number[] = [];
    for (let id = 0; id < table.count; id++) if (this.matches(id)) found.push(id);
    return found;
  }
}

export interface TreeMatches {
  /** 1 by node. */
  readonly mask: Uint8Array;
  /** In pre-order: left to right, callers before callees. */
  readonly nodes: readonly number[];
  /** Samples with at least one matching frame. A stack with two of them counts once. */
  readonly weight: number;
}

export function matchTree(tree: CallTree, matcher: Matcher): TreeMatches {
  const mask = new Uint8Array(tree.count);
  const nodes: number[] = [];
  let weight = 0;
  let countedUntil = 0;
  for (let node = ROOT + 1; node < tree.count; node++) {
    if (!matcher.matches(tree.key[node]!)) continue;
    mask[node] = 1;
    nodes.push(node);
    if (node < countedUntil) continue;
    weight += tree.total[node]!;
    countedUntil = tree.end[node]!;
  }
  return { mask, nodes, weight };
}
