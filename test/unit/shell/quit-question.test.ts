/** Who is asked before the window closes, and who is not. */
import { beforeEach, expect, test } from 'vitest';
import { QuitQuestion } from '../../../electron/shell/quit-question.ts';

let happened: string[];
let isWatching: boolean;
let question: QuitQuestion;
beforeEach(() => {
  happened = [];
  isWatching = true;
  question = new QuitQuestion({
    isWatching: () => isWatching,
    ask: () => happened.push('asked'),
    close: () => happened.push('closed'),
  });
});

test('while nothing is watched the window closes', () => {
  isWatching = false;
  expect(question.mayClose()).toBe(true);
  expect(happened).toEqual([]);
});

test('while a device is watched a person is asked, and the window stays', () => {
  expect(question.mayClose()).toBe(false);
  expect(happened).toEqual(['asked']);
});

test('who leaves, leaves', () => {
  question.mayClose();
  question.answer(true);
  expect(happened).toEqual(['asked', 'closed']);
  expect(question.mayClose()).toBe(true);
});

test('who stays is asked again the next time', () => {
  question.mayClose();
  question.answer(false);
  expect(question.mayClose()).toBe(false);
  expect(happened).toEqual(['asked', 'asked']);
});

test('without an answer a second time closes', () => {
  question.mayClose();
  expect(question.mayClose()).toBe(true);
});

test('a system that ends is not kept waiting, also when somebody was being asked', () => {
  question.endUnasked();
  expect(question.mayClose()).toBe(true);
  expect(happened).toEqual([]);
});

test('a page that was loaded again has forgotten the question: it is asked anew', () => {
  question.mayClose();
  question.forget();
  expect(question.mayClose()).toBe(false);
  expect(happened).toEqual(['asked', 'asked']);
});
