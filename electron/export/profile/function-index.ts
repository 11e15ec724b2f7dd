/** Frames to functions: many addresses, one name and module. */
import { functionName } from './function-name.ts';
import type { Tables } from '../tables.ts';

export interface FunctionEntry {
  readonly name: string;
  /** Path of its module; '' for none. */
  readonly file: string;
}

export class FunctionIndex {
  /** In the order of their numbers, from 0. */
  readonly all: FunctionEntry[] = [];
  private readonly tables: Tables;
  private readonly numbers = new Map<string, number>();
  private readonly byFrame = new Map<number, number>();

  constructor(tables: Tables) {
    this.tables = tables;
  }

  ofFrame(frame: number): number {
    let number = this.byFrame.get(frame);
    if (number === undefined) {
      const module = this.tables.moduleOf(frame);
      number = this.number(functionName(this.tables.frames[frame], module), module?.path ?? '');
      this.byFrame.set(frame, number);
    }
    return number;
  }

  /** One that belongs to no module: a process, a word in brackets. */
  named(name: string): number {
    return this.number(name, '');
  }

  private number(name: string, file: string): number {
    const key = `${file}\0${name}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.all.push({ name, file }) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }
}
