import { expect, test } from 'vitest';
import type { ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { slowSyscalls } from '../../../remote-agent/protocol/probes/slow-syscalls.ts';
import type { WindowSignal } from '../../../remote-agent/protocol/signal.ts';
import { BlobPool } from '../../../renderer/store/blob-pool.ts';
import { WindowRing } from '../../../renderer/store/window-ring.ts';

const text = new TextEncoder();
const MANIFEST: ProbeManifest = {
  ...slowSyscalls,
  columns: [
    { name: 'count', type: 'count32', role: 'sum', help: '' },
    { name: 'path', type: 'blob', role: 'key', help: '' },
  ],
};

function windowOf(second: number, paths: readonly string[]): WindowSignal {
  const columns = [new Uint32Array(paths.length).fill(1), paths.map((path) => text.encode(path))];
  const counters = { seen: 0, kept: 0, idle: 0, filtered: 0, lost: [], incompleteStacks: 0 };
  const [fromNs, toNs] = [second * 1e9, (second + 1) * 1e9];
  return { kind: 'window', probe: MANIFEST.id, fromNs, toNs, rows: paths.length, columns, counters, drains: 1 };
}

const pathsOf = (ring: WindowRing) => {
  const { columns, rowCount, blobs } = ring.published();
  return [...columns[1]!.subarray(0, rowCount)].map((number) => new TextDecoder().decode(blobs[number]));
};

test('equal bytes are one value, and no bytes are number 0', () => {
  const pool = new BlobPool();
  expect([pool.intern(text.encode('a')), pool.intern(text.encode('b')), pool.intern(text.encode('a'))]).toEqual([
    1, 2, 1,
  ]);
  expect(pool.intern(new Uint8Array(0))).toBe(0);
  // 0xff alone is no text; it must not be taken for another byte that is none either.
  expect(pool.intern(Uint8Array.of(0xff))).not.toBe(pool.intern(Uint8Array.of(0xfe)));
});

test('a value that repeats is kept once; one that only forgotten rows had is kept no longer', () => {
  const ring = new WindowRing(MANIFEST, { bytes: 1e6, spanNs: 10e9 });
  for (let second = 0; second < 100; second++) ring.append(windowOf(second, ['/etc/hosts', `/tmp/${second}`]));
  const { blobs, windowCount } = ring.published();
  expect(pathsOf(ring)).toEqual(
    Array.from({ length: windowCount }, (_, i) => ['/etc/hosts', `/tmp/${100 - windowCount + i}`]).flat(),
  );
  expect(blobs.length).toBeLessThan(20);
});

test('values that never repeat cost rows, never more memory than they may take', () => {
  const ring = new WindowRing(MANIFEST, { bytes: 200_000, spanNs: Number.POSITIVE_INFINITY });
  for (let second = 0; second < 400; second++) {
    ring.append(
      windowOf(
        second,
        Array.from({ length: 20 }, (_, i) => `/var/lib/some/long/path/${second}/${i}`),
      ),
    );
    const held = ring.published().blobs.reduce((sum, blob) => sum + 2 * blob.length + 100, 0);
    expect(held).toBeLessThan(100_000 + 20 * 200);
  }
  expect(pathsOf(ring).at(-1)).toBe('/var/lib/some/long/path/399/19');
  expect(ring.published().rowsForgotten).toBeGreaterThan(5000);
});

test('what was published keeps its values while others are forgotten', () => {
  const ring = new WindowRing(MANIFEST, { bytes: 1e6, spanNs: 5e9 });
  ring.append(windowOf(0, ['/first']));
  const { columns, blobs } = ring.published();
  for (let second = 1; second < 50; second++) ring.append(windowOf(second, [`/${second}`]));
  expect(new TextDecoder().decode(blobs[columns[1]![0]!])).toBe('/first');
});
