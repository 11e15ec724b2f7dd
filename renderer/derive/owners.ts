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

/** 0 = not known. */
export function processOf(tables: Tables, thread: number): number {
  return tables.threads[thread]?.process ?? 0;
}
