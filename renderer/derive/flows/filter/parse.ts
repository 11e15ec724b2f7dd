import { type Network, parseNetwork } from './address.ts';
import { type Interval, parseAmount, parsePort } from './amount.ts';
import { type FieldSpec, findField } from './fields.ts';
import { type Token, tokens, type TokenValue } from './tokens.ts';

/** All its terms must hold. */
export interface FlowFilter {
  readonly text: string;
  readonly terms: readonly FilterTerm[];
  /** Terms that could not be read; they are left out. */
  readonly errors: readonly FilterError[];
}

export interface FilterTerm {
  readonly isNegated: boolean;
  readonly test: FilterTest;
}

/** One of the values must fit. */
export type FilterTest =
  /** field null: any text of the flow. */
  | { readonly kind: 'text'; readonly field: FieldSpec | null; readonly patterns: readonly RegExp[] }
  | { readonly kind: 'number'; readonly field: FieldSpec; readonly intervals: readonly Interval[] }
  | { readonly kind: 'place'; readonly field: FieldSpec; readonly places: readonly Place[] }
  | { readonly kind: 'word'; readonly field: FieldSpec; readonly words: readonly string[] };

export type Place = Network | RegExp;

export interface FilterError {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

export const NO_FLOW_FILTER: FlowFilter = { text: '', terms: [], errors: [] };

export function parseFilter(text: string): FlowFilter {
  const terms: FilterTerm[] = [];
  const errors: FilterError[] = [];
  for (const token of tokens(text)) {
    const test = testOf(token);
    if (typeof test === 'string') errors.push({ from: token.from, to: token.to, message: test });
    else terms.push({ isNegated: token.isNegated, test });
  }
  return terms.length + errors.length === 0 ? NO_FLOW_FILTER : { text, terms, errors };
}

/** What a term asks for, or what is wrong with it. */
function testOf({ field: name, value }: Token): FilterTest | string {
  const field = name === null ? null : findField(name);
  if (name !== null && !field) {
    // An address with colons, or a name with a port: no field of that name was meant.
    return isEmpty(value) ? `there is no field “${name}”` : `there is no field “${name}”; quote it to search for it`;
  }
  if (isEmpty(value))
    return field ? `what ${field.name} should be is missing, such as ${field.example}` : 'nothing to look for';
  if (value.kind !== 'plain') return patternTest(field, value);
  if (!field) return { kind: 'text', field: null, patterns: [containing(value.text)] };
  return plainTest(
    field,
    value.text.split(',').filter((each) => each !== ''),
  );
}

function isEmpty(value: TokenValue): boolean {
  return value.kind === 'regex' ? value.source === '' : value.text === '';
}

function patternTest(field: FieldSpec | null, value: Exclude<TokenValue, { kind: 'plain' }>): FilterTest | string {
  if (field && field.kind.kind !== 'text' && field.kind.kind !== 'place') {
    return value.kind === 'quoted'
      ? plainTest(field, [value.text])
      : `${field.name} takes no regular expression, only values such as ${field.example}`;
  }
  const pattern = value.kind === 'quoted' ? containing(value.text) : regexOf(value.source, value.flags);
  if (typeof pattern === 'string') return pattern;
  if (field?.kind.kind === 'place') return { kind: 'place', field, places: [pattern] };
  return { kind: 'text', field, patterns: [pattern] };
}

function plainTest(field: FieldSpec, values: readonly string[]): FilterTest | string {
  const { kind } = field;
  switch (kind.kind) {
    case 'text':
      return { kind: 'text', field, patterns: values.map((value) => wordPattern(field, value)) };
    case 'port':
      return numbers(field, values.map(parsePort));
    case 'amount':
      return numbers(
        field,
        values.map((value) => parseAmount(value, kind.unit)),
      );
    case 'place':
      return placesTest(field, values);
    case 'word':
      return wordTest(field, kind.words, values);
    default:
      return assertNever(kind);
  }
}

function numbers(field: FieldSpec, read: readonly (Interval | string)[]): FilterTest | string {
  const wrong = read.find((each) => typeof each === 'string');
  if (wrong !== undefined) return wrong as string;
  return { kind: 'number', field, intervals: read as readonly Interval[] };
}

function placesTest(field: FieldSpec, values: readonly string[]): FilterTest | string {
  const places: Place[] = [];
  for (const value of values) {
    const network = parseNetwork(value);
    if (!network && value.includes('/')) return `“${value}” is no network, such as 10.0.0.0/8`;
    if (!network && field.name === 'ip' && !/^[0-9a-f.:]+$/i.test(value))
      return `“${value}” is no address; host: also takes names`;
    places.push(network ?? containing(value));
  }
  return { kind: 'place', field, places };
}

/** A word may be cut short: state:est. */
function wordTest(field: FieldSpec, words: readonly string[], values: readonly string[]): FilterTest | string {
  const found: string[] = [];
  for (const value of values) {
    const wanted = value.toLowerCase().replaceAll('_', '-');
    const fitting = words.includes(wanted) ? [wanted] : words.filter((each) => each.startsWith(wanted));
    if (fitting.length === 0) return `${field.name} is one of ${words.join(', ')}`;
    found.push(...fitting);
  }
  return { kind: 'word', field, words: found };
}

/** A number for a process is its pid, not part of one; any error is whatever error there is. */
function wordPattern(field: FieldSpec, value: string): RegExp {
  if (field.name === 'proc' && /^\d+$/.test(value)) return new RegExp(`\\(${value}\\)`);
  return field.name === 'error' && value === 'any' ? /./ : containing(value);
}

function containing(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'i');
}

/** Without regard to case unless it is asked for, as everywhere in the filter. */
function regexOf(source: string, flags: string): RegExp | string {
  if (/[^i]/.test(flags)) return `“${flags}” is no flag here; only i is`;
  try {
    return new RegExp(source, 'i');
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : '';
    return `not a regular expression: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
  }
}

function assertNever(kind: never): never {
  throw new Error(`unknown field kind ${JSON.stringify(kind)}`);
}
