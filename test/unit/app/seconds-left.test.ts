/** How long it takes to put a recording in order, in words that stand still. */
import { expect, test } from 'vitest';
import { secondsLeft } from '../../../renderer/app/workspace/seconds-left.ts';

const at = (progress: number, seconds: number) => ({ progress, nowMs: 1e6 + seconds * 1000 });

test.each([
  ['too early', 0, 0.4, 2, null],
  ['nothing to judge by', 0, 0.005, 60, null],
  ['a quarter in ten seconds', 0, 0.25, 10, 30],
  ['begun half-way by somebody else', 0.5, 0.75, 20, 20],
  ['in steps', 0, 0.3, 10, 25],
  ['minutes, in halves', 0, 0.04, 8, 210],
  ['nearly there', 0, 0.999, 10, 5],
  ['done', 0, 1, 10, null],
])('%s', (_, from, progress, seconds, left) => {
  expect(secondsLeft(at(from, 0), at(progress, seconds))).toBe(left);
});
