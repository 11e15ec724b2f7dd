import { expect, test } from 'vitest';
import { keepHeapSmall } from '../../../electron/host/small-heap.ts';

const MB = 1 << 20;

/** A heap that is turned by hand: of what is used, `aliveBytes` stay after a collection, which takes `takesMs`. */
function madeHeap() {
  let look: (() => void) | null = null;
  const heap = {
    bytes: 0,
    aliveBytes: 0,
    takesMs: 0,
    collections: 0,
    waitsMs: 0,
    ms: 0,
    usedBytes: () => heap.bytes,
    collect: () => {
      heap.collections++;
      heap.bytes = heap.aliveBytes;
      heap.ms += heap.takesMs;
    },
    cpuMs: () => heap.ms,
    after: (ms: number, action: () => void) => {
      heap.waitsMs = ms;
      look = action;
    },
    look: () => look?.(),
  };
  keepHeapSmall(heap);
  return heap;
}

test('collects what has grown since the last time, and leaves alone what has not', () => {
  const heap = madeHeap();
  heap.bytes = 30 * MB;
  heap.aliveBytes = 20 * MB;
  heap.look();
  expect(heap).toMatchObject({ collections: 1, bytes: 20 * MB });
  heap.bytes += 0.4 * MB;
  heap.look();
  expect(heap.collections).toBe(1);
  heap.bytes += 0.2 * MB;
  heap.look();
  expect(heap).toMatchObject({ collections: 2, bytes: 20 * MB });
});

test('of a heap that takes long, it collects less often', () => {
  const heap = madeHeap();
  expect(heap.waitsMs).toBe(2000);
  heap.bytes = heap.aliveBytes = 800 * MB;
  heap.takesMs = 150;
  heap.look();
  expect(heap.waitsMs).toBe(15_000);
  heap.look();
  expect(heap).toMatchObject({ collections: 1, waitsMs: 2000 });
});
