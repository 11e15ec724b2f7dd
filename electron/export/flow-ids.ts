/** Which flows the rows of a window are of, and which of them end there: whatever probe it is. */
import { findProbe, type WindowSignal } from '../../remote-agent/protocol/index.ts';

export interface FlowIds {
  /** By row, as the device numbers them; empty where the probe's rows are of no flow. */
  readonly flows: ArrayLike<number>;
  /** By row: not 0 where it is the flow's last. */
  readonly ends: ArrayLike<number>;
}

const NONE = new Uint32Array(0);

export function flowIdsOf({ probe, columns }: WindowSignal): FlowIds {
  const specs = findProbe(probe)?.columns ?? [];
  const numbers = (place: number) => (columns[place] as ArrayLike<number> | undefined) ?? NONE;
  return {
    flows: numbers(specs.findIndex(({ type }) => type === 'flow')),
    ends: numbers(specs.findIndex(({ ends }) => ends !== undefined)),
  };
}
