/**
 * The dictionaries of a recording as plain arrays. A recording may hold several agent runs, each with ids from 1: they
 * are moved behind those of the runs before, so that one id means one thing.
 */
import type {
  DefinitionsSignal,
  FrameDef,
  ModuleDef,
  ProcessDef,
  ThreadDef,
} from '../../remote-agent/protocol/index.ts';

/** Index 0 is nobody, as on the wire. */
export class Tables {
  readonly processes: (ProcessDef | undefined)[] = [undefined];
  readonly threads: (ThreadDef | undefined)[] = [undefined];
  readonly modules: (ModuleDef | undefined)[] = [undefined];
  readonly frames: (FrameDef | undefined)[] = [undefined];
  /** Parent of each stack node, 0 = root; its frame. */
  readonly stackParents: number[] = [0];
  readonly stackFrames: number[] = [0];
  private base = { process: 0, thread: 0, module: 0, frame: 0, stack: 0 };

  beginRun(): void {
    this.base = {
      process: this.processes.length - 1,
      thread: this.threads.length - 1,
      module: this.modules.length - 1,
      frame: this.frames.length - 1,
      stack: this.stackParents.length - 1,
    };
  }

  add(signal: DefinitionsSignal): void {
    const { process, thread, module, frame, stack } = this.base;
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
  }

  thread(id: number): number {
    return id + this.base.thread;
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
