/** A busy made-up box of system calls: as many rows a second as asked for. A thread makes the same few calls again and again. */
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import type { DefinitionsSignal, WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { syscallCode } from '../../../remote-agent/protocol/syscalls/index.ts';
import { seededRandom } from '../../fixtures/random.ts';

const PROCESSES = 40;
const THREADS = 200;
/** Different calls of the box, and of each thread. */
const CALLS = 60;
const HABITS = 6;
/** Of x86-64. */
const TABLE = 1;
const EAGAIN = 11;
const WINDOWS_PER_SECOND = 4;

export function callDefinitions(): DefinitionsSignal {
  return {
    kind: 'definitions',
    processes: Array.from({ length: PROCESSES }, (_, i) => ({
      id: i + 1,
      pid: 300 + i,
      startNs: 1e9,
      comm: `service-${i}`,
      exe: `/usr/bin/service-${i}`,
      commandLine: '',
      cgroup: '/',
      container: i % 4 === 0 ? `box-${i}` : '',
      containerId: '',
      unit: '',
      parentPid: 1,
      kernelThread: false,
      uid: 0,
    })),
    threads: Array.from({ length: THREADS }, (_, i) => ({
      id: i + 1,
      process: (i % PROCESSES) + 1,
      tid: 1000 + i,
      comm: `worker-${i}`,
    })),
    modules: [],
    frames: [],
    firstStack: 1,
    stackParents: new Uint32Array(0),
    stackFrames: new Uint32Array(0),
    names: [],
    flows: [],
    addressNames: [],
  };
}

/** Windows of a quarter of a second, one after the other. */
export function* callWindows(rowsPerSecond: number): Generator<WindowSignal, never> {
  const random = seededRandom(5);
  const pick = (most: number) => Math.floor(random() * most);
  const rows = Math.ceil(rowsPerSecond / WINDOWS_PER_SECOND);
  const lengthNs = 1e9 / WINDOWS_PER_SECOND;
  const width = findProbe('syscalls')?.columns.length;
  for (let at = 0; ; at++) {
    const threads = Uint32Array.from({ length: rows }, () => 1 + pick(THREADS));
    const numbers = threads.map((thread) => (thread * 7 + pick(HABITS) * 11) % CALLS);
    // Each call has its usual latency, and strays from it by some powers of two.
    const buckets = numbers.map((number) => 8 + (number % 17) + pick(3) + pick(3));
    const calls = Float64Array.from({ length: rows }, () => 1 + pick(100));
    const columns = [
      threads,
      numbers.map((number) => syscallCode(TABLE, number)),
      numbers.map((number) => (number % 4 === 0 && pick(3) === 0 ? EAGAIN : 0)),
      buckets,
      calls,
      calls.map((count, row) => count * 1.5 * 2 ** buckets[row]!),
      Float64Array.from(buckets, (bucket) => 2 ** (bucket + 1) - 1),
    ];
    if (columns.length !== width) throw new Error('the manifest has other columns');
    const kept = calls.reduce((sum, count) => sum + count, 0);
    yield {
      kind: 'window',
      probe: 'syscalls',
      fromNs: at * lengthNs,
      toNs: (at + 1) * lengthNs,
      rows,
      columns,
      counters: { seen: kept, kept, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 },
      drains: 1,
    };
  }
}
