// Takes: two recordings, or two parts of one.
// Gives: what changed between them in numbers, and as two-column folded stacks; why it may mislead.
// Never: says that something changed without saying whether that may be chance.
export { type Comparison, type CompareOptions, compareSides } from './compare.ts';
export { diffFolded } from './folded.ts';
export { type ComparedSide, collectSide } from './side.ts';
