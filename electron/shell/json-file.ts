/**
 * A small state file. Written whole into a neighbour and renamed, so it is never half there. One that cannot be
 * understood is set aside as NAME.bad and the fallback used: losing a list of recents must never keep Sonde from starting.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Shape } from '../bridge/index.ts';

export class JsonFile<T> {
  readonly #file: string;
  readonly #shape: Shape<T>;
  readonly #fallback: T;
  readonly #onSetAside: (aside: string) => void;

  constructor(file: string, shape: Shape<T>, fallback: T, onSetAside: (aside: string) => void = () => undefined) {
    this.#file = file;
    this.#shape = shape;
    this.#fallback = fallback;
    this.#onSetAside = onSetAside;
  }

  read(): T {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return this.#fallback; // the first start, or no right to read: both begin empty
    }
    const value = parse(text);
    if (this.#shape(value)) return value;
    this.#setAside();
    return this.#fallback;
  }

  /** Throws where the disk refuses; callers decide whether that matters. */
  write(value: T): void {
    mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    const next = `${this.#file}.${process.pid}.new`;
    writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(next, this.#file);
  }

  #setAside(): void {
    const aside = `${this.#file}.bad`;
    try {
      renameSync(this.#file, aside);
    } catch {
      // Not ours to rename: the next write says so.
    }
    this.#onSetAside(aside);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
