import type { Tables } from '../store/model.ts';
import { moduleFile, shortName } from './function-name.ts';
import type { FunctionTable } from './function-table.ts';
import { FRAME_KINDS, type FrameKind } from './kind.ts';
import { meaningOf, type NodeKey } from './node-key.ts';
import { processName, threadName } from './owners.ts';

/** What a key is called, in text. Views ask this and never the tables. */
export class Names {
  readonly #tables: Tables;
  readonly #functions: FunctionTable;

  constructor(tables: Tables, functions: FunctionTable) {
    this.#tables = tables;
    this.#functions = functions;
  }

  name(key: NodeKey): string {
    const meaning = meaningOf(key);
    switch (meaning.kind) {
      case 'function':
        return this.#functions.name[meaning.id] ?? '[unknown]';
      case 'process':
        return processName(this.#tables, meaning.id);
      case 'thread':
        return threadName(this.#tables, meaning.id);
      case 'root':
        return 'All';
    }
  }

  /** For where the whole name does not fit. */
  short(key: NodeKey): string {
    const meaning = meaningOf(key);
    if (meaning.kind === 'function') return shortName(this.name(key));
    return meaning.kind === 'process' ? this.#tables.processes[meaning.id]?.comm || this.name(key) : this.name(key);
  }

  /** Last part of the path; '' where there is none. */
  module(key: NodeKey): string {
    const module = this.#moduleOf(key);
    return module ? moduleFile(module) : '';
  }

  modulePath(key: NodeKey): string {
    return this.#moduleOf(key)?.path ?? '';
  }

  /** null for what is not a function. */
  kind(key: NodeKey): FrameKind | null {
    const meaning = meaningOf(key);
    return meaning.kind === 'function' ? (FRAME_KINDS[this.#functions.kind[meaning.id] ?? 0] ?? 'unknown') : null;
  }

  isNamed(key: NodeKey): boolean {
    const meaning = meaningOf(key);
    return meaning.kind !== 'function' || (this.#functions.isNamed[meaning.id] ?? false);
  }

  #moduleOf(key: NodeKey) {
    const meaning = meaningOf(key);
    return meaning.kind === 'function' ? this.#tables.modules[this.#functions.module[meaning.id] ?? 0] : undefined;
  }
}
