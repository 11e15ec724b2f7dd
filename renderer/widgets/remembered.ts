import { useState } from 'react';

/** State that the window remembers between sessions: how someone likes to look at things, never what they look at. */
export function useRemembered<Value extends string>(
  /** `view.what`: one name, one meaning, in the whole window. */
  name: string,
  values: readonly Value[],
  first: Value,
): [Value, (value: Value) => void] {
  const key = `sonde.${name}`;
  const [value, setValue] = useState(() => values.find((each) => each === read(key)) ?? first);
  return [
    value,
    (next) => {
      setValue(next);
      write(key, next);
    },
  ];
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage may be switched off; then nothing is remembered, which is all right.
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above: full or switched off.
  }
}

/** The same for several at once, in the order of `values`. */
export function useRememberedSet<Value extends string>(
  name: string,
  values: readonly Value[],
  first: readonly Value[],
): [readonly Value[], (values: readonly Value[]) => void] {
  const key = `sonde.${name}`;
  const [chosen, setChosen] = useState(() => {
    const stored = read(key)?.split(',');
    return stored ? values.filter((each) => stored.includes(each)) : first;
  });
  return [
    chosen,
    (next) => {
      const ordered = values.filter((each) => next.includes(each));
      setChosen(ordered);
      write(key, ordered.join(','));
    },
  ];
}
