/** Messages of a batch lie where those of the one before lay, aligned, and none is changed by the next of the same batch. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BatchMemory } from '../../../remote-agent/agent/rows/batch-memory.ts';

it('what was copied stays as it was until the next batch', () => {
  const payload = fc.record({ bytes: fc.integer({ min: 0, max: 70_000 }), fill: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(fc.array(payload, { maxLength: 8 }), { maxLength: 5 }), (batches) => {
      const memory = new BatchMemory();
      for (const batch of batches) {
        memory.reuse();
        const copies = batch.map(({ bytes, fill }) => memory.copy(new Uint8Array(bytes).fill(fill)));
        for (const [i, { bytes, fill }] of batch.entries()) {
          const copy = copies[i] ?? expect.fail('no copy');
          expect([copy.length, copy.byteOffset % 8, copy.every((byte) => byte === fill)]).toEqual([bytes, 0, true]);
        }
        expect(memory.used).toBe(batch.reduce((sum, { bytes }) => sum + bytes, 0));
      }
    }),
    { numRuns: 25 },
  );
});

it('takes no more memory for the hundredth batch than for the first few', () => {
  const memory = new BatchMemory();
  const buffers = new Set<ArrayBufferLike>();
  for (let batch = 0; batch < 100; batch++) {
    memory.reuse();
    for (let i = 0; i < 16; i++) buffers.add(memory.copy(new Uint8Array(32 << 10)).buffer);
  }
  expect(buffers.size).toBeLessThan(8);
});
