import type { Tables } from '../store/model.ts';

/** "mosquitto (412)" */
export function processName(tables: Tables, id: number): string {
  const process = tables.processes[id];
  return process ? `${process.comm || '?'} (${process.pid})` : 'unknown process';
}

/** "worker-3 (thread 977)" */
export function threadName(tables: Tables, id: number): string {
  const thread = tables.threads[id];
  return thread ? `${thread.comm || '?'} (thread ${thread.tid})` : 'unknown thread';
}

/** Container of a process; '' = the host, also for a process nobody has described. */
export function containerOf(tables: Tables, process: number): string {
  return tables.processes[process]?.container ?? '';
}

/** A container's name, or its short id; in `containerId` that id where it has a name. */
export interface ContainerNaming {
  readonly container: string;
  readonly containerId: string;
}

export function containerNaming(tables: Tables, process: number): ContainerNaming {
  const { container = '', containerId = '' } = tables.processes[process] ?? {};
  return { container, containerId };
}

/** "broker (3f2a9c1d77aa)" */
export function containerText({ container, containerId }: ContainerNaming): string {
  return containerId === '' ? container : `${container} (${containerId})`;
}

/** 0 = not known. */
export function processOf(tables: Tables, thread: number): number {
  return tables.threads[thread]?.process ?? 0;
}
