/** Dictionary additions through the door: ids dense, references backwards, tables and depth bounded, text safe. */
import { decodeAddressNames, decodeFlows } from './decode-flows.ts';
import { addressBits, refuse, timeNs } from './doors.ts';
import type {
  Definitions,
  FrameDef,
  ModuleDef,
  ModuleKind as WireModuleKind,
  ProcessDef,
  ThreadDef,
} from './generated/sonde_pb.ts';
import {
  MAX_FRAMES,
  MAX_MODULES,
  MAX_PROCESSES,
  MAX_RUN_TEXT,
  MAX_STACK_DEPTH,
  MAX_STACK_NODES,
  MAX_THREADS,
  TEXT,
} from './limits.ts';
import type * as signal from './signal.ts';
import { deviceText, hexText } from './text.ts';

const MAX_BUILD_ID_LENGTH = 64;
const MODULE_KINDS: readonly signal.ModuleKind[] = ['unknown', 'kernel', 'executable', 'library', 'jit', 'vdso'];

/** How far each dictionary of one agent run has grown. */
export class DictionarySizes {
  processes = 0;
  threads = 0;
  modules = 0;
  frames = 0;
  stacks = 0;
  /** Ids rise, but not all of them are ever told: nothing is kept of a flow. */
  flows = 0;
  /** Units of text in all of them. */
  private textLength = 0;
  /** Depth of each stack node; [0] is the root. Grows by doubling, ≤ 2 MiB. */
  private depth = new Uint16Array(1024);

  add(message: Definitions): signal.DefinitionsSignal {
    const processes = message.processes.map((process) => this.process(process));
    const threads = message.threads.map((thread) => this.thread(thread));
    const modules = message.modules.map((module) => this.module(module));
    const frames = message.frames.map((frame) => this.frame(frame));
    const firstStack = this.stackRun(message);
    const flows = decodeFlows(message.flows, this.flows);
    this.flows = flows.at(-1)?.id ?? this.flows;
    return {
      kind: 'definitions',
      processes,
      threads,
      modules,
      frames,
      firstStack,
      stackParents: Uint32Array.from(message.stackParents),
      stackFrames: Uint32Array.from(message.stackFrames),
      names: message.names.map((name) => {
        if (name.frame < 1 || name.frame > this.frames) refuse(`a name for frame ${name.frame} of ${this.frames}`);
        return { frame: name.frame, name: this.text(name.name, TEXT.symbol), interpreted: name.interpreted };
      }),
      flows,
      addressNames: decodeAddressNames(message.addressNames),
    };
  }

  private text(bytes: Uint8Array, maxLength: number): string {
    if (bytes.length === 0) return '';
    const text = deviceText(bytes, maxLength);
    this.textLength += text.length;
    if (this.textLength > MAX_RUN_TEXT) refuse(`more than ${MAX_RUN_TEXT >> 20} MB of names`);
    return text;
  }

  private process(process: ProcessDef): signal.ProcessDef {
    this.processes = next(process.id, this.processes, MAX_PROCESSES, 'process');
    return {
      id: process.id,
      pid: process.pid,
      startNs: timeNs(process.startNs, 'process start'),
      comm: this.text(process.comm, TEXT.comm),
      exe: this.text(process.exe, TEXT.path),
      commandLine: this.text(process.commandLine, TEXT.commandLine),
      cgroup: this.text(process.cgroup, TEXT.path),
      container: this.text(process.container, TEXT.short),
      containerId: this.text(process.containerId, TEXT.short),
      unit: this.text(process.unit, TEXT.short),
      parentPid: process.parentPid,
      kernelThread: process.kernelThread,
      uid: process.uid,
    };
  }

  private thread(thread: ThreadDef): signal.ThreadDef {
    this.threads = next(thread.id, this.threads, MAX_THREADS, 'thread');
    if (thread.process < 1 || thread.process > this.processes)
      refuse(`thread ${thread.id} of process ${thread.process}`);
    return { id: thread.id, process: thread.process, tid: thread.tid, comm: this.text(thread.comm, TEXT.comm) };
  }

  private module(module: ModuleDef): signal.ModuleDef {
    this.modules = next(module.id, this.modules, MAX_MODULES, 'module');
    if (module.buildId.length > MAX_BUILD_ID_LENGTH) refuse(`a build-id of ${module.buildId.length} bytes`);
    return {
      id: module.id,
      kind: moduleKind(module.kind),
      path: this.text(module.path, TEXT.path),
      buildId: hexText(module.buildId),
    };
  }

  private frame(frame: FrameDef): signal.FrameDef {
    this.frames = next(frame.id, this.frames, MAX_FRAMES, 'frame');
    if (frame.module < 1 || frame.module > this.modules) refuse(`frame ${frame.id} in module ${frame.module}`);
    return {
      id: frame.id,
      module: frame.module,
      offset: addressBits(frame.offset),
      name: this.text(frame.name, TEXT.symbol),
      interpreted: frame.interpreted,
    };
  }

  private stackRun({ firstStack, stackParents, stackFrames }: Definitions): number {
    const count = stackParents.length;
    if (stackFrames.length !== count) refuse(`${count} stack parents and ${stackFrames.length} stack frames`);
    if (count === 0) return this.stacks + 1;
    if (firstStack !== this.stacks + 1) refuse(`stack ids start at ${firstStack} where ${this.stacks + 1} is due`);
    if (this.stacks + count > MAX_STACK_NODES) refuse(`more than ${MAX_STACK_NODES} stack nodes`);
    this.reserve(this.stacks + count);
    for (let i = 0; i < count; i++) this.stackNode(firstStack + i, stackParents[i] ?? 0, stackFrames[i] ?? 0);
    this.stacks += count;
    return firstStack;
  }

  private stackNode(id: number, parent: number, frame: number): void {
    if (parent >= id) refuse(`stack node ${id} has parent ${parent}`);
    if (frame < 1 || frame > this.frames) refuse(`stack node ${id} has frame ${frame} of ${this.frames}`);
    const depth = (this.depth[parent] ?? 0) + 1;
    if (depth > MAX_STACK_DEPTH) refuse(`a stack is deeper than ${MAX_STACK_DEPTH} frames`);
    this.depth[id] = depth;
  }

  private reserve(highestId: number): void {
    if (highestId < this.depth.length) return;
    const grown = new Uint16Array(Math.max(highestId + 1, this.depth.length * 2));
    grown.set(this.depth);
    this.depth = grown;
  }
}

function next(id: number, size: number, max: number, what: string): number {
  if (id !== size + 1) refuse(`${what} id ${id} where ${size + 1} is due`);
  if (id > max) refuse(`more than ${max} ${what} definitions`);
  return id;
}

/** Kinds newer than this reader are shown as unknown. */
function moduleKind(kind: WireModuleKind): signal.ModuleKind {
  return MODULE_KINDS[kind] ?? 'unknown';
}
