/** Checks of what comes from another process, small enough to read at a glance. A Shape says yes or no; it never converts. */

export type Shape<T> = (value: unknown) => value is T;

/** The type that a Shape lets through. */
export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

/** At most this many UTF-16 units unless said otherwise: longer than any path, short enough to copy without thought. */
const TEXT_LIMIT = 8192;

export const isBoolean: Shape<boolean> = (value): value is boolean => typeof value === 'boolean';
export const isNull: Shape<null> = (value): value is null => value === null;

export function isText(maxLength: number = TEXT_LIMIT): Shape<string> {
  return (value): value is string => typeof value === 'string' && value.length <= maxLength;
}

/** Not empty, and without NUL: usable as a path, a host name, an argument. */
export function isName(maxLength: number = TEXT_LIMIT): Shape<string> {
  return (value): value is string =>
    typeof value === 'string' && value.length > 0 && value.length <= maxLength && !value.includes('\0');
}

/** Finite. */
export function isNumber(min = -Number.MAX_VALUE, max = Number.MAX_VALUE): Shape<number> {
  return (value): value is number => typeof value === 'number' && value >= min && value <= max;
}

export function isInteger(min: number, max: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  return (value): value is number => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}

export function isOneOf<const T extends string>(...choices: readonly T[]): Shape<T> {
  return (value): value is T => choices.some((choice) => choice === value);
}

export function either<A, B>(a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return (value): value is A | B => a(value) || b(value);
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return either(shape, isNull);
}

export function isList<T>(of: Shape<T>, maxLength: number, minLength = 0): Shape<readonly T[]> {
  return (value): value is readonly T[] =>
    Array.isArray(value) && value.length >= minLength && value.length <= maxLength && value.every(of);
}

/** Exactly these keys: an unknown one is refused. */
export function isObject<T extends object>(fields: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const keys = Object.keys(fields) as (keyof T & string)[];
  return (value): value is T =>
    isPlain(value) &&
    Object.keys(value).length === keys.length &&
    keys.every((key) => Object.hasOwn(value, key) && fields[key](value[key]));
}

export function isRecord<T>(key: Shape<string>, of: Shape<T>, maxKeys: number): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    isPlain(value) &&
    Object.keys(value).length <= maxKeys &&
    Object.entries(value).every(([name, item]) => key(name) && of(item));
}

export function isTuple<T extends readonly unknown[]>(...items: { readonly [I in keyof T]: Shape<T[I]> }): Shape<T> {
  return (value): value is T =>
    Array.isArray(value) && value.length === items.length && items.every((item, index) => item(value[index]));
}

/** A union told apart by its `kind`. */
export function isVariant<T extends { readonly kind: string }>(
  variants: { readonly [K in T['kind']]: Shape<Extract<T, { kind: K }>> },
): Shape<T> {
  const byKind = new Map<unknown, Shape<T>>(Object.entries(variants) as [string, Shape<T>][]);
  return (value): value is T => isPlain(value) && byKind.get(value['kind'])?.(value) === true;
}

/** Also what structured clone made of an object literal of another realm. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
