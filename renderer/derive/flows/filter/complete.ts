import { FIELDS, type FieldName, findField } from './fields.ts';
import { type Token, tokens } from './tokens.ts';

export interface Completion {
  /** What takes the place of the text from … to. */
  readonly insert: string;
  /** What it means, or how much there is of it. */
  readonly detail: string;
}

export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

/** Values that are there to be found, most first. */
export type ValuesOf = (field: FieldName) => readonly { readonly text: string; readonly detail: string }[];

const MOST = 12;

/** What could be meant at the caret. */
export function complete(text: string, caret: number, valuesOf: ValuesOf): Completions {
  const token = tokens(text).find(({ from, to }) => caret > from && caret <= to);
  if (!token) return { from: caret, to: caret, options: fieldsLike('') };
  const field = token.field === null ? null : findField(token.field);
  if (field) return valuesFor(token, field.name, text, valuesOf);
  const start = token.isNegated ? token.from + 1 : token.from;
  if (token.field !== null || token.value.kind !== 'plain') return { from: caret, to: caret, options: [] };
  return { from: start, to: token.to, options: fieldsLike(token.value.text) };
}

function fieldsLike(text: string): readonly Completion[] {
  const wanted = text.toLowerCase();
  return FIELDS.filter(({ name, aliases }) => [name, ...aliases].some((each) => each.startsWith(wanted))).map(
    ({ name, help }) => ({ insert: `${name}:`, detail: help }),
  );
}

/** The last of several values with commas between them is the one that is being typed. */
function valuesFor(token: Token, field: FieldName, text: string, valuesOf: ValuesOf): Completions {
  const { value, valueFrom, to } = token;
  if (value.kind === 'regex') return { from: to, to, options: [] };
  const typed = text.slice(valueFrom, to);
  const from = value.kind === 'plain' ? valueFrom + typed.lastIndexOf(',') + 1 : valueFrom;
  const wanted = (value.kind === 'quoted' ? value.text : text.slice(from, to)).toLowerCase();
  const options = valuesOf(field)
    .filter((each) => each.text.toLowerCase().includes(wanted))
    .slice(0, MOST)
    .map((each) => ({ insert: quoted(each.text), detail: each.detail }));
  // What stands there already is no suggestion.
  const isThere = options.length === 1 && options[0]?.insert === text.slice(from, to);
  return { from, to, options: isThere ? [] : options };
}

/** As a value has to be written. */
export function quoted(text: string): string {
  return /[\s",]|^[/]/.test(text) || text === '' ? `"${text.replaceAll(/["\\]/g, '\\$&')}"` : text;
}

/** The text with `term` in it, in place of another term of the same field. */
export function withTerm(text: string, field: FieldName, value: string): string {
  const term = `${field}:${quoted(value)}`;
  const other = tokens(text).find(
    (token) => !token.isNegated && token.field !== null && findField(token.field)?.name === field,
  );
  if (other) return text.slice(0, other.from) + term + text.slice(other.to);
  return text.trim() === '' ? term : `${text.trim()} ${term}`;
}

/** The text without its terms of these fields. */
export function withoutTerms(text: string, fields: readonly FieldName[]): string {
  const kept = tokens(text).filter((token) => {
    const name = token.field === null ? undefined : findField(token.field)?.name;
    return token.isNegated || name === undefined || !fields.includes(name);
  });
  return kept.map(({ from, to }) => text.slice(from, to)).join(' ');
}
