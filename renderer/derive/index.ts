/**
 * Takes: the store's columns and tables, and what is selected of them.
 * Gives: trees, placements, tables and texts: everything a picture of a profile is made from.
 * Never: draws, reads a clock, or remembers anything that a fresh computation would not give (ProfileMaker and the
 *        classes it keeps are caches, and tests hold them to that).
 */
export { type Boxes, boxAt, boxOfNode, emptyBoxes, layOut, type Span, WHOLE_SPAN } from './boxes.ts';
export { type CallTreeOptions, callTree, type Grouping, PLAIN_TREE } from './call-tree.ts';
export { type Coverage, corePercent, coverageOf } from './coverage.ts';
export { functionsCsv } from './csv.ts';
export { type Facets, facetsOf } from './facets.ts';
export { type FrameFacts, frameFacts } from './facts.ts';
export { FunctionIndex, type FunctionTable, functionTable } from './function-table.ts';
export { invertTree } from './invert.ts';
export { FRAME_KINDS, type FrameKind } from './kind.ts';
export { placementBefore } from './morph.ts';
export { Names } from './names.ts';
export { type Step, stepFrom } from './navigate.ts';
export {
  isFunctionKey,
  meaningOf,
  type NodeKey,
  type NodePath,
  processKey,
  ROOT_KEY,
  samePath,
  threadKey,
} from './node-key.ts';
export { containerNaming, containerOf, containerText, processName, processOf, threadName } from './owners.ts';
export { between, type Placement, place } from './placement.ts';
export { type Profile, ProfileMaker } from './profile.ts';
export { sampleColumns } from './sample-columns.ts';
export { callersCallees, type Sandwich } from './sandwich.ts';
export { exactSearch, Matcher, matchTree, parseSearch, type SearchTerm, type TreeMatches } from './search.ts';
export { type Filter, filterTally, isOpen, NO_FILTER, selectRows, threadTest } from './select.ts';
export { type SelfTotal, selfTotal } from './self-total.ts';
export { type StackLine, stackLines } from './stack-lines.ts';
export { stackText } from './stack-text.ts';
export { RollingTally, type Tally, tallyRows, type WindowSpan } from './tally.ts';
export { type CallTree, childrenOf, followPath, heaviestChild, isInside, lineage, pathOf, ROOT } from './tree.ts';
export {
  absoluteIn,
  blended,
  enclosing,
  isWhole,
  panned,
  relativeTo,
  spanOf,
  spanShowing,
  within,
  zoomed,
} from './view-span.ts';
