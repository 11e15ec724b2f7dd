/** What flows cost on the link: a thousand new connections a second beside thousands of open ones. */
import { expect, it, onTestFinished } from 'vitest';
import { FakeProc } from './fake-proc.ts';
import { FlowWorld } from './flow-world.ts';
import { MappedRows } from './mapped-rows.ts';

const SECONDS = 20;
/** Bytes a second. Together they stay below the 50 kB/s that all of the stream may take. */
const BUDGET = { definitions: 12_000, window: 36_000 };

it('1,000 new flows a second and 1,000 that talk, of 5,000, stay below 50 kB/s', () => {
  const world = new FlowWorld({ open: 5000, activePerSecond: 1000, newPerSecond: 1000 });
  const proc = new FakeProc();
  onTestFinished(() => proc.close());
  const rows = new MappedRows(proc.root, 'net-flows');
  for (let second = 0; second < SECONDS; second++) rows.batch({ rows: world.next() });
  const warm = rows.bytes.slice(5);
  const mean = (of: 'definitions' | 'window') => warm.reduce((sum, bytes) => sum + bytes[of], 0) / warm.length;
  expect(mean('definitions')).toBeLessThan(BUDGET.definitions);
  expect(mean('window')).toBeLessThan(BUDGET.window);
});
