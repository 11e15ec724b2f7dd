import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { refusal, spaceAt, spaceOfDf } from '../../../remote-agent/agent/flight/free-space.ts';

const MB = 1e6;

test('a tenth of a disk stays free, and of a small one at least 16 MB', () => {
  const disk = { freeBytes: 1000 * MB, totalBytes: 8000 * MB };
  expect(refusal(150 * MB, disk)).toBe('');
  expect(refusal(250 * MB, disk)).toBe('the device has 1000 of 8000 MB left');
  expect(refusal(1 * MB, { freeBytes: 16 * MB, totalBytes: 100 * MB })).not.toBe('');
  expect(refusal(1 * MB, { freeBytes: 18 * MB, totalBytes: 100 * MB })).toBe('');
  expect(refusal(1 * MB, { freeBytes: 18 * MB, totalBytes: 20 * MB })).toBe('');
});

test('what there is, is asked', () => {
  const { freeBytes, totalBytes } = spaceAt(tmpdir());
  expect(freeBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
  const df = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/root 1000 400 600 40% /\n';
  expect(spaceOfDf(df)).toEqual({ freeBytes: 600 * 1024, totalBytes: 1000 * 1024 });
});
