/** Random small profiles for property tests. */
import fc from 'fast-check';
import type { SampledStack } from '../../fixtures/signals.ts';

const frame = fc.constantFrom(
  'main',
  'loop',
  'parse',
  'read_[k]',
  'irq_[k]',
  'malloc@libc.so',
  'eval_[i]',
  '0x1234@lib.so',
  'a',
  'b',
);

export const sampledStack: fc.Arbitrary<SampledStack> = fc.record({
  process: fc.constantFrom('nginx', 'sh', 'node'),
  thread: fc.constantFrom('one', 'two'),
  frames: fc.array(frame, { maxLength: 7 }),
  samples: fc.integer({ min: 1, max: 50 }),
  second: fc.integer({ min: 0, max: 5 }),
  cpu: fc.integer({ min: 0, max: 1 }),
});

export const stacks = fc.array(sampledStack, { minLength: 1, maxLength: 40 });
