/**
 * Takes: the columns of a probe of flows, tables, the names the box itself knows, and what is selected of them.
 * Gives: every flow of a range once, and the table, map, chart and events made from them.
 * Never: draws, reads a clock, or asks anybody for the name of an address.
 */
export * from './filter/index.ts';
export { filterValues } from './filter-values.ts';
export type { FlowList } from './flow-list.ts';
export {
  bytesOf,
  type FlowMap,
  flowMap,
  type MapLink,
  type MapNode,
  OTHERS,
  REMOTE_GROUPINGS,
  type RemoteGrouping,
  remoteOf,
} from './flow-map.ts';
export { type AddressNames, ownerText } from './flow-names.ts';
export { FlowWorld } from './flow-world.ts';
export { type FlowsOfRange, FlowsMaker } from './flows-maker.ts';
export { brokenShare, type Health, healthOf, HEALTHS, retransmitShare } from './health.ts';
export { hasFailed, type Moment, MOMENT_KINDS, type MomentKind, momentsOf } from './moments.ts';
export { type StackBy, type Throughput, throughput } from './throughput.ts';
