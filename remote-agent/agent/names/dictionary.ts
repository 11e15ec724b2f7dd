/**
 * The dictionaries of one run: gives ids to processes, threads, modules, frames and stack nodes, and collects what the
 * client has not been told yet. Ids are dense and never reused; what has not been seen for long may get a second one.
 * When frozen, or at the bounds every reader has (protocol/limits.ts), it answers 0, and the caller counts what it could
 * not name as lost.
 */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type AddressNameSchema,
  type Definitions,
  DefinitionsSchema,
  type FrameDefSchema,
  type FrameNameSchema,
  type ModuleDef,
  type ProcessDef,
  type ThreadDef,
} from '../../protocol/generated/sonde_pb.ts';
import { MAX_FRAMES, MAX_MODULES, MAX_PROCESSES, MAX_STACK_NODES, MAX_THREADS } from '../../protocol/index.ts';
import { PairTable } from './pair-table.ts';

/** Pairs remembered per generation: 1.6 MB of stack nodes and 0.8 MB of frames at most. */
const STACK_GENERATION = 1 << 15;
const FRAME_GENERATION = 1 << 14;

type Fields<Message> = Omit<Message, '$typeName' | '$unknown' | 'id'>;
export type NewProcess = Fields<ProcessDef>;
export type NewThread = Fields<ThreadDef>;
export type NewModule = Fields<ModuleDef>;

export interface FrameNaming {
  readonly name: Uint8Array;
  readonly interpreted: boolean;
}

/** Addresses are kept as their low 52 bits (exact in a double); above them a kernel address has ones. */
const KERNEL_HALF = 2 ** 51;
const KERNEL_TOP = 0xfff0_0000_0000_0000n;

export class Dictionary {
  private readonly frames = new PairTable(MAX_FRAMES, FRAME_GENERATION);
  private readonly stacks = new PairTable(MAX_STACK_NODES, STACK_GENERATION);
  private processes = 0;
  private threads = 0;
  private modules = 0;
  private fresh = new Fresh(1);
  /** Set while the spool has no room: nothing new gets an id. */
  isFrozen = false;

  /** Why an id was refused. */
  get refusal(): 'spool-full' | 'tables-full' {
    return this.isFrozen ? 'spool-full' : 'tables-full';
  }

  process(def: NewProcess): number {
    if (this.isFrozen || this.processes >= MAX_PROCESSES) return 0;
    this.fresh.processes.push({ ...def, id: ++this.processes });
    return this.processes;
  }

  thread(def: NewThread): number {
    if (this.isFrozen || this.threads >= MAX_THREADS) return 0;
    this.fresh.threads.push({ ...def, id: ++this.threads });
    return this.threads;
  }

  module(def: NewModule): number {
    if (this.isFrozen || this.modules >= MAX_MODULES) return 0;
    this.fresh.modules.push({ ...def, id: ++this.modules });
    return this.modules;
  }

  findFrame(module: number, offset: number): number {
    return this.frames.find(module, offset);
  }

  /** The pair must be new. */
  frame(module: number, offset: number, naming: FrameNaming | null): number {
    if (this.isFrozen || this.frames.isFull) return 0;
    const id = this.frames.add(module, offset);
    this.fresh.frames.push({ id, module, offset: wireAddress(offset), ...naming });
    return id;
  }

  /** Node for `frame` called from `parent` (0 = root); 0 where it is new and cannot be taken. */
  stack(parent: number, frame: number): number {
    const known = this.stacks.find(parent, frame);
    if (known !== 0 || this.isFrozen || this.stacks.isFull) return known;
    this.fresh.stackParents.push(parent);
    this.fresh.stackFrames.push(frame);
    return this.stacks.add(parent, frame);
  }

  /** A name that became known after its frame was defined. */
  name(frame: number, naming: FrameNaming): void {
    this.fresh.names.push({ frame, ...naming });
  }

  /** Latin-1; '' takes the name away. */
  addressName(address: Uint8Array, name: string): void {
    this.fresh.addressNames.push({ address, name: Buffer.from(name, 'latin1') });
  }

  /** What came since the last call, null where nothing did. */
  take(): Definitions | null {
    const { fresh } = this;
    if (fresh.isEmpty) return null;
    this.fresh = new Fresh(this.stacks.count + 1);
    return create(DefinitionsSchema, fresh);
  }
}

/** Exactly the fields of a Definitions message. */
class Fresh {
  readonly processes: (NewProcess & { id: number })[] = [];
  readonly threads: (NewThread & { id: number })[] = [];
  readonly modules: (NewModule & { id: number })[] = [];
  readonly frames: MessageInitShape<typeof FrameDefSchema>[] = [];
  readonly stackParents: number[] = [];
  readonly stackFrames: number[] = [];
  readonly names: MessageInitShape<typeof FrameNameSchema>[] = [];
  readonly addressNames: MessageInitShape<typeof AddressNameSchema>[] = [];
  readonly firstStack: number;

  constructor(firstStack: number) {
    this.firstStack = firstStack;
  }

  get isEmpty(): boolean {
    const lists = [
      this.processes,
      this.threads,
      this.modules,
      this.frames,
      this.stackParents,
      this.names,
      this.addressNames,
    ];
    return lists.every((list) => list.length === 0);
  }
}

function wireAddress(address: number): bigint {
  return address >= KERNEL_HALF ? BigInt(address) | KERNEL_TOP : BigInt(address);
}
