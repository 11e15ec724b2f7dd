/** Cuts a filter into its terms: `port:1883 -proc:"my broker" /regex/i`. Places are character offsets into the text. */

export interface Token {
  readonly from: number;
  /** One past its last character. */
  readonly to: number;
  readonly isNegated: boolean;
  /** Lower case; null where the term is a bare word. */
  readonly field: string | null;
  readonly value: TokenValue;
  /** Where the value begins, its quote or slash included. */
  readonly valueFrom: number;
}

export type TokenValue =
  /** As written, with commas between alternatives. */
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'quoted'; readonly text: string; readonly isClosed: boolean }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string; readonly isClosed: boolean };

const SPACE = /\s/;
const FIELD = /^[a-z][a-z-]*:/i;

export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) at++;
    else {
      const token = tokenAt(text, at);
      found.push(token);
      at = token.to;
    }
  }
  return found;
}

function tokenAt(text: string, from: number): Token {
  // A lone "-" or "!" is a term that is being typed.
  const isNegated = /[-!]/.test(text.charAt(from));
  const start = from + (isNegated ? 1 : 0);
  const field = FIELD.exec(text.slice(start))?.[0] ?? null;
  const valueFrom = start + (field?.length ?? 0);
  const { value, to } = valueAt(text, valueFrom);
  return { from, to, isNegated, field: field ? field.slice(0, -1).toLowerCase() : null, value, valueFrom };
}

function valueAt(text: string, from: number): { readonly value: TokenValue; readonly to: number } {
  const first = text.charAt(from);
  if (first === '"') return quotedAt(text, from);
  if (first === '/') return regexAt(text, from);
  let to = from;
  while (to < text.length && !SPACE.test(text.charAt(to))) to++;
  return { value: { kind: 'plain', text: text.slice(from, to) }, to };
}

function quotedAt(text: string, from: number): { readonly value: TokenValue; readonly to: number } {
  let content = '';
  let at = from + 1;
  for (; at < text.length && text.charAt(at) !== '"'; at++) {
    if (text.charAt(at) === '\\' && at + 1 < text.length) at++;
    content += text.charAt(at);
  }
  const isClosed = at < text.length;
  return { value: { kind: 'quoted', text: content, isClosed }, to: isClosed ? at + 1 : at };
}

function regexAt(text: string, from: number): { readonly value: TokenValue; readonly to: number } {
  let at = from + 1;
  let isInClass = false;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '/' && !isInClass) break;
    if (character === '[') isInClass = true;
    else if (character === ']') isInClass = false;
    else if (character === '\\') at++;
  }
  // An escape at the very end steps past it.
  const end = Math.min(at, text.length);
  const source = text.slice(from + 1, end);
  if (end >= text.length) return { value: { kind: 'regex', source, flags: '', isClosed: false }, to: end };
  const flags = /^[a-z]*/.exec(text.slice(end + 1))?.[0] ?? '';
  return { value: { kind: 'regex', source, flags, isClosed: true }, to: end + 1 + flags.length };
}
