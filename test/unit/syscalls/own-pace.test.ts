import { expect, test } from 'vitest';
import type { ProbeColumns, StoreSnapshot } from '../../../renderer/store/index.ts';
import { isDue } from '../../../renderer/views/syscalls/use-own-pace.ts';

const S = 1e9;
const DEVICE = {} as StoreSnapshot['device'];
const WINDOWS = {} as ProbeColumns;

/** What was published when the newest window of all ended at `lastNs`. */
function at(lastNs: number, { firstNs = 0, device = DEVICE, own = WINDOWS } = {}) {
  return { snapshot: { lastNs, firstNs, device } as StoreSnapshot, own: [own, undefined] };
}

test('windows of others alone wait for their own, but for no more than a second', () => {
  const held = at(60 * S);
  expect(isDue(held, at(60.4 * S))).toBe(false);
  expect(isDue(held, at(60.4 * S, { own: {} as ProbeColumns }))).toBe(true);
  expect(isDue(held, at(61 * S))).toBe(true);
});

test('another device, another beginning or an earlier end is seen at once', () => {
  const held = at(60 * S);
  expect(isDue(held, at(60 * S, { device: {} as typeof DEVICE }))).toBe(true);
  expect(isDue(held, at(60 * S, { firstNs: 5 * S }))).toBe(true);
  expect(isDue(held, at(59 * S))).toBe(true);
});
