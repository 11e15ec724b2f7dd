/** What went wrong, for whoever is asked about it later: in files that stay few and small. */
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';

const LIMIT_BYTES = 256 << 10;
/** The one that is written to, and those before it. */
const FILES = 3;
const MAX_ENTRY = 8000;

export class LogFile {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Never throws: a full disk must not make a second error of the first. */
  add(words: string, now = new Date()): void {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      if (sizeOf(this.#file(0)) > LIMIT_BYTES) this.#rotate();
      appendFileSync(this.#file(0), `${now.toISOString()} ${words.slice(0, MAX_ENTRY)}\n`, { mode: 0o600 });
    } catch {
      // There is nobody left to tell.
    }
  }

  /** The newest lines, oldest first. */
  last(count: number): string[] {
    const lines: string[] = [];
    for (let age = FILES - 1; age >= 0; age--) lines.push(...linesOf(this.#file(age)));
    return lines.slice(-count);
  }

  #rotate(): void {
    for (let age = FILES - 1; age > 0; age--)
      if (sizeOf(this.#file(age - 1)) > 0) renameSync(this.#file(age - 1), this.#file(age));
  }

  #file(age: number): string {
    return path.join(this.#folder, age === 0 ? 'sonde.log' : `sonde.${age}.log`);
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch {
    return []; // not there, or not to be read: diagnostics are made of what there is
  }
}

/** From now on what this process complains of is kept too. */
export function keepErrors(log: LogFile): void {
  const print = console.error;
  console.error = (...words: unknown[]) => {
    print(...words);
    log.add(format(...words));
  };
  process.on('uncaughtExceptionMonitor', (bug) => log.add(format(bug)));
}
