import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Patience } from '../../../electron/ssh/patience.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the clock stands still while the user is asked', async () => {
  const over = vi.fn();
  const patience = new Patience(1000, over);
  let answer: (value: string) => void = () => {};
  const asked = patience.during(() => new Promise((resolve) => (answer = resolve)))({
    kind: 'secret',
    purpose: 'password',
    text: '',
    retry: false,
  });
  expect(patience.isAsking).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(over).not.toHaveBeenCalled();
  answer('x');
  await asked;
  await vi.advanceTimersByTimeAsync(999);
  expect(over).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2);
  expect(over).toHaveBeenCalledOnce();
});

test('an answer after the end does not wind the clock up again', async () => {
  const over = vi.fn();
  const patience = new Patience(1000, over);
  let answer: (value: null) => void = () => {};
  const asked = patience.during(() => new Promise((resolve) => (answer = resolve)))({
    kind: 'secret',
    purpose: 'password',
    text: '',
    retry: false,
  });
  patience.end();
  answer(null);
  await asked;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(over).not.toHaveBeenCalled();
});
