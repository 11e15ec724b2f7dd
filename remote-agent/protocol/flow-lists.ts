/** The lists of numbers of a FlowRun, and how each of them is packed. Both sides read them here. */
import type { PackedSpec } from './columns.ts';
import type { FlowRun } from './generated/sonde_pb.ts';

/** Ids, and what is like the entry before as ids are, go in steps. */
const ALIKE: PackedSpec = { type: 'flow' };
const PLAIN: PackedSpec = { type: 'count32' };

export const FLOW_LISTS = {
  kinds: PLAIN,
  localAddresses: ALIKE,
  remoteAddresses: PLAIN,
  localPorts: PLAIN,
  remotePorts: PLAIN,
  netns: PLAIN,
  opened: { type: 'time', grainNs: 1000 },
} as const satisfies Partial<Record<keyof FlowRun, PackedSpec>>;

export type FlowList = keyof typeof FLOW_LISTS;
export const FLOW_LIST_NAMES = Object.keys(FLOW_LISTS) as readonly FlowList[];

/** Bits in the list `kinds`. */
export const FLOW_OTHERS = 1;
export const FLOW_OWN = 2;
