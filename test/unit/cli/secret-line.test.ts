import { expect, test } from 'vitest';
import { typeInto } from '../../../electron/cli/secret-line.ts';

test.each([
  ['', 'abc', { kind: 'more', line: 'abc' }],
  ['ab', 'c\r', { kind: 'done', line: 'abc' }],
  ['', 'pasted\nrest', { kind: 'done', line: 'pasted' }],
  ['abc', '\u007f', { kind: 'more', line: 'ab' }],
  ['a😀', '\u0008', { kind: 'more', line: 'a' }],
  ['', '\u007f', { kind: 'more', line: '' }],
  ['abc', '\u0015x', { kind: 'more', line: 'x' }],
  ['abc', '\u0003', { kind: 'given-up' }],
  ['', '\u0004', { kind: 'given-up' }],
  ['abc', '\u0004', { kind: 'more', line: 'abc' }],
  ['a', '\u001b[D\u001b[3~\u001bOPb', { kind: 'more', line: 'ab' }],
  ['a', '\u0001\u0007', { kind: 'more', line: 'a' }],
])('%j and then %j', (line, typed, outcome) => {
  expect(typeInto(line, typed)).toEqual(outcome);
});
