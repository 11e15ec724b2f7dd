/**
 * Keeps the memory of a session that lasts for days where its data is. V8 lets what nobody needs any more grow to several
 * times of what is alive before it looks, and its young generation to 16 MB; a full collection of a session takes 10 ms.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Heap {
  /** Also outside of it, as far as something on it keeps it. */
  usedBytes(): number;
  collect(): void;
  /** That this process has used. */
  cpuMs(): number;
  after(ms: number, action: () => void): void;
}

const LOOK_MS = 2000;
const GROWTH_BYTES = 1 << 19;
const GROWTH_SHARE = 0.02;
/** What is large takes long: collecting may use this part of a CPU. */
const CPU_SHARE = 0.01;

/** For as long as the process lasts. */
export function keepHeapSmall(heap: Heap = ownHeap()): void {
  let baseBytes = 0;
  const look = () => {
    const beforeMs = heap.cpuMs();
    if (heap.usedBytes() > baseBytes + Math.max(GROWTH_BYTES, baseBytes * GROWTH_SHARE)) {
      heap.collect();
      baseBytes = heap.usedBytes();
    }
    heap.after(Math.max(LOOK_MS, (heap.cpuMs() - beforeMs) / CPU_SHARE), look);
  };
  heap.after(LOOK_MS, look);
}

function ownHeap(): Heap {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--expose-gc');
  return {
    usedBytes: () => {
      const { used_heap_size, external_memory } = getHeapStatistics();
      return used_heap_size + external_memory;
    },
    // Only contexts that are made after the flag have the function.
    collect: runInNewContext('gc') as () => void,
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    after: (ms, action) => void setTimeout(action, ms).unref(),
  };
}
