/**
 * The dictionaries of a recording as plain arrays. A recording may hold several agent runs, each with ids from 1: they
 * are moved behind those of the runs before, so that one id means one thing.
 */
import type {
  DefinitionsSignal,
  FlowDef,
  FrameDef,
  ModuleDef,
  ProcessDef,
  ThreadDef,
  WindowSignal,
} from '../../remote-agent/protocol/index.ts';
import { ByFlow } from './by-flow.ts';
import { flowIdsOf } from './flow-ids.ts';

/** Index 0 is nobody, as on the wire. */
export class Tables {
  readonly processes: (ProcessDef | undefined)[] = [undefined];
  readonly threads: (ThreadDef | undefined)[] = [undefined];
  readonly modules: (ModuleDef | undefined)[] = [undefined];
  readonly frames: (FrameDef | undefined)[] = [undefined];
  /** Parent of each stack node, 0 = root; its frame. */
  readonly stackParents: number[] = [0];
  readonly stackFrames: number[] = [0];
  /** Only those that the device may still speak of. */
  readonly flows = new ByFlow<FlowDef>();
  private base = { process: 0, thread: 0, module: 0, frame: 0, stack: 0, flow: 0 };
  private lastFlow = 0;
  private nowNs = 0;

  beginRun(): void {
    this.base = {
      process: this.processes.length - 1,
      thread: this.threads.length - 1,
      module: this.modules.length - 1,
      frame: this.frames.length - 1,
      stack: this.stackParents.length - 1,
      flow: this.lastFlow,
    };
    this.flows.clear();
  }

  add(signal: DefinitionsSignal): void {
    const { process, thread, module, frame, stack, flow } = this.base;
    for (const def of signal.processes) this.processes.push({ ...def, id: def.id + process });
    for (const def of signal.threads)
      this.threads.push({ ...def, id: def.id + thread, process: def.process + process });
    for (const def of signal.modules) this.modules.push({ ...def, id: def.id + module });
    for (const def of signal.frames) this.frames.push({ ...def, id: def.id + frame, module: def.module + module });
    for (const parent of signal.stackParents) this.stackParents.push(parent === 0 ? 0 : parent + stack);
    for (const id of signal.stackFrames) this.stackFrames.push(id + frame);
    for (const late of signal.names) {
      const known = this.frames[late.frame + frame];
      if (known) this.frames[late.frame + frame] = { ...known, name: late.name, interpreted: late.interpreted };
    }
    for (const def of signal.flows) {
      this.lastFlow = def.id + flow;
      this.flows.set(this.lastFlow, { ...def, id: this.lastFlow }, this.nowNs);
    }
  }

  /** Every window: of flows that it has no row of, and that ended, nothing is kept. */
  look(window: WindowSignal): void {
    const { flows, ends } = flowIdsOf(window);
    if (flows.length === 0) return;
    this.nowNs = window.toNs;
    this.flows.forget(window.fromNs);
    for (let row = 0; row < window.rows; row++)
      this.flows.touch(this.flow(flows[row] ?? 0), window.toNs, (ends[row] ?? 0) > 0);
  }

  /** 0, nobody, stays 0. */
  thread(id: number): number {
    return id === 0 ? 0 : id + this.base.thread;
  }

  /** 0, which the device had no room for, stays 0. */
  flow(id: number): number {
    return id === 0 ? 0 : id + this.base.flow;
  }

  /** 0, a sample without a stack, stays 0. */
  stack(id: number): number {
    return id === 0 ? 0 : id + this.base.stack;
  }

  processOf(thread: number): ProcessDef | undefined {
    return this.processes[this.threads[thread]?.process ?? 0];
  }

  moduleOf(frame: number): ModuleDef | undefined {
    return this.modules[this.frames[frame]?.module ?? 0];
  }

  /** Frame ids, leaf first. */
  leafToRoot(stack: number): number[] {
    const frames: number[] = [];
    for (let node = stack; node !== 0; node = this.stackParents[node] ?? 0) frames.push(this.stackFrames[node] ?? 0);
    return frames;
  }
}
