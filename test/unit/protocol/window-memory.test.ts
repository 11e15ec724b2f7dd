/** Windows that are written where others were: nothing of those is in them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  emptyCounters,
  encodeWindowSum,
  findProbe,
  WindowMemory,
  WindowSum,
} from '../../../remote-agent/protocol/index.ts';

const manifest = findProbe('net-flows') ?? expect.fail('no probe');
const facts = () => ({ fromNs: 1n, toNs: 2n, counters: emptyCounters(), drains: 1 });

function filled(window: WindowSum, rows: readonly (readonly number[])[]): WindowSum {
  for (const [flow = 0, cell = 0] of rows) {
    const row = window.nextRow();
    for (const [i, column] of window.columns.entries()) (column as Float64Array)[row] = i === 0 ? flow : cell + i;
    window.commit();
  }
  return window;
}

it('a window in used memory is the same as one in its own', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.nat(1000)), { maxLength: 300 });
  fc.assert(
    fc.property(fc.array(fc.record({ rows, expected: fc.nat(400) }), { minLength: 2, maxLength: 6 }), (windows) => {
      const memory = new WindowMemory(manifest);
      for (const { rows, expected } of windows) {
        const window = filled(new WindowSum(manifest, facts(), expected, memory), rows);
        expect(encodeWindowSum(window)).toEqual(encodeWindowSum(filled(new WindowSum(manifest, facts()), rows)));
        window.release();
        expect(window.rows).toBe(0);
      }
    }),
    { numRuns: 25 },
  );
});
