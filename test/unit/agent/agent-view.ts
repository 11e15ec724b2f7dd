/** What a client has been told, put together as a viewer would: named stacks and sums. */
import type {
  CostSignal,
  DefinitionsSignal,
  FlowDef,
  FrameDef,
  ModuleDef,
  ProcessDef,
  Signal,
  ThreadDef,
  WindowSignal,
} from '../../../remote-agent/protocol/index.ts';

export interface Row {
  process: ProcessDef;
  thread: ThreadDef;
  /** Root first, "name" or "path+0xoffset". */
  frames: string[];
  samples: number;
}

export class AgentView {
  readonly processes: ProcessDef[] = [];
  readonly threads: ThreadDef[] = [];
  readonly modules: ModuleDef[] = [];
  readonly frames: FrameDef[] = [];
  readonly flows: FlowDef[] = [];
  readonly windows: WindowSignal[] = [];
  readonly costs: CostSignal[] = [];
  private readonly names = new Map<number, string>();
  private readonly parents: number[] = [0];
  private readonly stackFrames: number[] = [0];

  constructor(signals: readonly Signal[]) {
    for (const signal of signals) {
      if (signal.kind === 'definitions') this.define(signal);
      if (signal.kind === 'window') this.windows.push(signal);
      if (signal.kind === 'cost') this.costs.push(signal);
    }
  }

  rows(): Row[] {
    return this.windows.flatMap(({ columns, rows }) => {
      const [threads, , stacks, samples] = columns as Uint32Array[];
      return Array.from({ length: rows }, (_, i) => {
        const thread = this.threads[(threads?.[i] ?? 0) - 1] as ThreadDef;
        return {
          thread,
          process: this.processes[thread.process - 1] as ProcessDef,
          frames: this.path(stacks?.[i] ?? 0),
          samples: samples?.[i] ?? 0,
        };
      });
    });
  }

  /** Samples per key, most first. */
  count(key: (row: Row) => string | null): Map<string, number> {
    const sums = new Map<string, number>();
    for (const row of this.rows()) {
      const name = key(row);
      if (name !== null) sums.set(name, (sums.get(name) ?? 0) + row.samples);
    }
    return new Map([...sums].sort((a, b) => b[1] - a[1]));
  }

  frameName(frame: FrameDef): string {
    const module = this.modules[frame.module - 1];
    return this.names.get(frame.id) ?? `${module?.path}+0x${frame.offset.toString(16)}`;
  }

  isNamed(frame: FrameDef): boolean {
    return this.names.has(frame.id);
  }

  /** Root first. */
  framesOf(stack: number): FrameDef[] {
    const frames: FrameDef[] = [];
    for (let node = stack; node !== 0; node = this.parents[node] ?? 0)
      frames.unshift(this.frames[(this.stackFrames[node] ?? 0) - 1] as FrameDef);
    return frames;
  }

  private path(stack: number): string[] {
    return this.framesOf(stack).map((frame) => this.frameName(frame));
  }

  private define(signal: DefinitionsSignal): void {
    this.processes.push(...signal.processes);
    this.threads.push(...signal.threads);
    this.modules.push(...signal.modules);
    this.frames.push(...signal.frames);
    this.flows.push(...signal.flows);
    this.parents.push(...signal.stackParents);
    this.stackFrames.push(...signal.stackFrames);
    for (const { id, name } of signal.frames) if (name) this.names.set(id, name);
    for (const { frame, name } of signal.names) this.names.set(frame, name);
  }
}
