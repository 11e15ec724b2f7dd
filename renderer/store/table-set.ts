import { raise } from '../../remote-agent/protocol/fault.ts';
import type {
  AddressName,
  DefinitionsSignal,
  FrameDef,
  ModuleDef,
  ProcessDef,
  ThreadDef,
} from '../../remote-agent/protocol/signal.ts';
import { FlowTable } from './flow-table.ts';
import { withRoom } from './growable.ts';
import { MAX_ADDRESS_NAMES } from '../../remote-agent/protocol/limits.ts';
import type { Column, Tables } from './model.ts';

/** Ids are dense; one far beyond any box's (16 M) is damage, and would make an array of that size. */
const MAX_ID = 1 << 24;

/** The dictionaries of one agent run. Grows, and fills in names that come late; published Tables stay valid. */
export class TableSet {
  readonly #processes: (ProcessDef | undefined)[] = [undefined];
  readonly #threads: (ThreadDef | undefined)[] = [undefined];
  readonly #modules: (ModuleDef | undefined)[] = [undefined];
  readonly #frames: (FrameDef | undefined)[] = [undefined];
  #stackParents: Uint32Array = new Uint32Array(1024);
  #stackFrames: Uint32Array = new Uint32Array(1024);
  /** Index 0 is the root, which is no node. */
  #stackCount = 1;
  readonly #flows = new FlowTable();
  readonly #addressNames = new Map<string, AddressName>();
  #version = 0;
  #namesVersion = 0;
  #published: Tables | null = null;

  add(definitions: DefinitionsSignal): void {
    place(this.#processes, definitions.processes);
    place(this.#threads, definitions.threads);
    place(this.#modules, definitions.modules);
    place(this.#frames, definitions.frames);
    this.#addStacks(definitions);
    this.#flows.add(definitions.flows);
    for (const name of definitions.addressNames) this.#nameAddress(name);
    for (const late of definitions.names) this.#rename(late.frame, late.name, late.interpreted);
    if (definitions.names.length > 0) this.#namesVersion++;
    this.#version++;
    this.#published = null;
  }

  /** The same object until something was added. */
  published(): Tables {
    this.#published ??= {
      version: this.#version,
      processes: this.#processes,
      threads: this.#threads,
      modules: this.#modules,
      frames: this.#frames,
      namesVersion: this.#namesVersion,
      stackParents: this.#stackParents,
      stackFrames: this.#stackFrames,
      stackCount: this.#stackCount,
      flows: this.#flows,
      addressNames: this.#addressNames,
    };
    return this.#published;
  }

  /** `rows`: gives the flows of all rows that are kept. Asked for only where there is something to forget. */
  forgetFlows(rows: () => readonly Column[]): void {
    if (this.#flows.isSweepDue) this.#flows.sweep(rows());
  }

  #addStacks({ firstStack, stackParents, stackFrames }: DefinitionsSignal): void {
    const added = stackParents.length;
    if (added === 0) return;
    checkId(firstStack + added);
    const end = firstStack + added;
    this.#stackParents = withRoom(this.#stackParents, end);
    this.#stackFrames = withRoom(this.#stackFrames, end);
    this.#stackParents.set(stackParents, firstStack);
    this.#stackFrames.set(stackFrames, firstStack);
    this.#stackCount = Math.max(this.#stackCount, end);
  }

  #nameAddress(named: AddressName): void {
    if (named.name === '') this.#addressNames.delete(named.address);
    else if (this.#addressNames.size < MAX_ADDRESS_NAMES || this.#addressNames.has(named.address))
      this.#addressNames.set(named.address, named);
  }

  #rename(id: number, name: string, interpreted: boolean): void {
    const frame = this.#frames[id];
    if (frame) this.#frames[id] = { ...frame, name, interpreted };
  }
}

function place<Def extends { readonly id: number }>(table: (Def | undefined)[], definitions: readonly Def[]): void {
  for (const definition of definitions) {
    checkId(definition.id);
    table[definition.id] = definition;
  }
}

function checkId(id: number): void {
  if (id > MAX_ID) raise('out-of-sync', `cannot use the device's tables: id ${id} is out of range`);
}
