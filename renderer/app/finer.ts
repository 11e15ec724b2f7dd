import type { SessionView } from '../../electron/bridge/contract.ts';
import type { RangeNs } from '../store/index.ts';

type Loaded = Extract<SessionView, { kind: 'replay' }>['loaded'];

/** A picture of fewer steps than these is too coarse for what is looked at. */
const STEPS_WANTED = 100;
/** So much more of it on both sides comes along, so that a selection that moves a little asks for nothing. */
const AROUND = 2;
/** A recording that plays at 16× is through with this in seven seconds. */
const AROUND_AT_LEAST_NS = 120e9;

/** What of a recording that is too long to be held whole is to be asked for; undefined = what is there will do. */
export function finerRange(wanted: RangeNs, loaded: Loaded, extent: RangeNs | null): RangeNs | null | undefined {
  if (!loaded || !extent) return undefined;
  const length = wanted.toNs - wanted.fromNs;
  const isCovered =
    loaded.fromNs <= Math.max(wanted.fromNs, extent.fromNs) && loaded.toNs >= Math.min(wanted.toNs, extent.toNs);
  const isFine = loaded.stepNs === 0 || loaded.stepNs * STEPS_WANTED <= length;
  if (isCovered && isFine) return undefined;
  const aroundNs = Math.max(length * AROUND, AROUND_AT_LEAST_NS);
  const range = {
    fromNs: Math.max(extent.fromNs, wanted.fromNs - aroundNs),
    toNs: Math.min(extent.toNs, wanted.toNs + aroundNs),
  };
  const isAll = range.fromNs <= extent.fromNs && range.toNs >= extent.toNs;
  // All of it again would be no finer.
  if (isAll) return isCovered ? undefined : null;
  return range;
}
