import type { FrameDef, ModuleDef, ProcessDef } from '../../../remote-agent/protocol/signal.ts';
import type { Tables } from '../../store/model.ts';
import { moduleFile } from '../function-name.ts';
import { type FunctionTable, UNKNOWN_FUNCTION } from '../function-table.ts';
import { kindIndex } from '../kind.ts';
import { meaningOf, type NodeKey, processKey } from '../node-key.ts';
import { Names } from '../names.ts';
import type { SideProfile } from './side.ts';

/**
 * Keys that mean the same on both sides. A function is matched by its name and the file name of its module: folders and
 * builds may differ. A process is matched by its name: its number means nothing elsewhere.
 */
export class MergedNames {
  readonly #modules: ModuleDef[] = [];
  readonly #processes: ProcessDef[] = [];
  readonly #moduleIds = new Map<string, number>();
  readonly #processIds = new Map<string, number>();
  readonly #functionIds = new Map<string, number>();
  readonly #name = ['[unknown]'];
  readonly #module = [0];
  readonly #kind = [kindIndex('unknown')];
  readonly #isNamed = [false];

  /** From a side's own keys to common ones. */
  translator({ tables, functions }: SideProfile): (key: NodeKey) => NodeKey {
    const known = new Map<NodeKey, NodeKey>();
    return (key) => {
      let common = known.get(key);
      if (common === undefined) known.set(key, (common = this.#common(key, tables, functions)));
      return common;
    };
  }

  /** Once all keys were translated. */
  finish(): { readonly functions: FunctionTable; readonly names: Names; readonly tables: Tables } {
    const tables = tablesOf(this.#modules, this.#processes);
    const functions: FunctionTable = {
      version: 1,
      count: this.#name.length,
      name: this.#name,
      module: this.#module,
      kind: this.#kind,
      isNamed: this.#isNamed,
      ofFrame: new Uint32Array(0),
      rank: ranks(this.#name, this.#module),
      renamed: new Map(),
    };
    return { functions, tables, names: new CommonNames(tables, functions) };
  }

  #common(key: NodeKey, tables: Tables, functions: FunctionTable): NodeKey {
    const meaning = meaningOf(key);
    switch (meaning.kind) {
      case 'function':
        return this.#function(meaning.id, tables, functions);
      case 'process':
        return processKey(this.#process(tables.processes[meaning.id]));
      case 'thread':
      case 'root':
        return key;
    }
  }

  #function(id: number, tables: Tables, functions: FunctionTable): number {
    if (id === UNKNOWN_FUNCTION) return id;
    const name = functions.name[id] ?? '';
    const module = this.#moduleId(tables.modules[functions.module[id] ?? 0]);
    const key = `${module} ${name}`;
    let common = this.#functionIds.get(key);
    if (common === undefined) {
      common = this.#name.push(name) - 1;
      this.#functionIds.set(key, common);
      this.#module.push(module);
      this.#kind.push(functions.kind[id] ?? 0);
      this.#isNamed.push(functions.isNamed[id] ?? false);
    }
    return common;
  }

  #moduleId(module: ModuleDef | undefined): number {
    if (!module) return 0;
    const file = moduleFile(module);
    let id = this.#moduleIds.get(file);
    if (id === undefined) {
      id = this.#modules.push(module);
      this.#moduleIds.set(file, id);
    }
    return id;
  }

  #process(process: ProcessDef | undefined): number {
    if (!process) return 0;
    let id = this.#processIds.get(process.comm);
    if (id === undefined) {
      id = this.#processes.push(process);
      this.#processIds.set(process.comm, id);
    }
    return id;
  }
}

/** Of several processes of one name, so without a number. */
class CommonNames extends Names {
  readonly #processes: Tables['processes'];

  constructor(tables: Tables, functions: FunctionTable) {
    super(tables, functions);
    this.#processes = tables.processes;
  }

  override name(key: NodeKey): string {
    const meaning = meaningOf(key);
    if (meaning.kind !== 'process') return super.name(key);
    return this.#processes[meaning.id]?.comm || 'unknown process';
  }
}

function tablesOf(modules: readonly ModuleDef[], processes: readonly ProcessDef[]): Tables {
  return {
    version: 1,
    processes: [undefined, ...processes],
    threads: [],
    modules: [undefined, ...modules],
    frames: [] as readonly (FrameDef | undefined)[],
    namesVersion: 0,
    stackParents: new Uint32Array(1),
    stackFrames: new Uint32Array(1),
    stackCount: 1,
    flows: new Map(),
    addressNames: new Map(),
  };
}

/** Place of each function in the alphabet. */
function ranks(names: readonly string[], modules: readonly number[]): Uint32Array {
  const order = names.map((_, id) => id);
  order.sort((a, b) => compareText(names[a]!, names[b]!) || modules[a]! - modules[b]! || a - b);
  const rank = new Uint32Array(names.length);
  order.forEach((id, place) => (rank[id] = place));
  return rank;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
