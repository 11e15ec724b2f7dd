import { type FlowTest, type FlowFilter, flowMatcher } from './filter/index.ts';
import type { FlowWorld } from './flow-world.ts';

/** Who is looked at, in every view. Flows belong to processes, whichever of their threads uses them. */
export interface OwnerFilter {
  /** null = any. */
  readonly process: number | null;
  readonly container: string | null;
}

/** The flows that are shown. */
export interface FlowList {
  /** Places, in no order that means anything. */
  readonly shown: readonly number[];
  /** 1 by place that is shown. */
  readonly mask: Uint8Array;
  /** Flows of the range that neither process, container nor Sonde's being left out hide: what the filter was held against. */
  readonly ofOwner: number;
  /** What Sonde's own connections carried, and whether it is left out. */
  readonly ownFlows: number;
  readonly ownBytes: number;
}

export function listFlows(world: FlowWorld, owner: OwnerFilter, filter: FlowFilter, hidesOwn: boolean): FlowList {
  const { count, sent, received } = world.totals;
  const passes = flowMatcher(filter, world);
  const isTheirs = ownerTest(world, owner);
  const shown: number[] = [];
  const mask = new Uint8Array(count);
  let [ofOwner, ownFlows, ownBytes] = [0, 0, 0];
  for (let place = 0; place < count; place++) {
    if (world.isOwn(place)) {
      ownFlows++;
      ownBytes += sent[place]! + received[place]!;
      if (hidesOwn) continue;
    }
    if (!isTheirs(place)) continue;
    ofOwner++;
    if (passes && !passes(place)) continue;
    mask[place] = 1;
    shown.push(place);
  }
  return { shown, mask, ofOwner, ownFlows, ownBytes };
}

function ownerTest(world: FlowWorld, { process, container }: OwnerFilter): FlowTest {
  if (process === null && container === null) return () => true;
  return (place) => {
    const owner = world.owner(place);
    return (process === null || owner.process === process) && (container === null || owner.container === container);
  };
}
