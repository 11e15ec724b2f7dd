/**
 * Takes: what somebody typed, and flows to ask.
 * Gives: which flows pass, what is wrong with the text and where, and what could be typed next.
 * Never: throws on what was typed, or looks anything up.
 */
export { subnetOf } from './address.ts';
export {
  complete,
  type Completion,
  quoted,
  type ValuesOf,
  withoutTerms,
  withTerm,
} from './complete.ts';
export { DIRECTION_WORDS, type FieldName, FIELDS, findField, PROTOCOL_WORDS } from './fields.ts';
export { type FlowEnd, flowMatcher, type FlowSubject, type FlowTest } from './match.ts';
export { type FlowFilter, NO_FLOW_FILTER, parseFilter } from './parse.ts';
