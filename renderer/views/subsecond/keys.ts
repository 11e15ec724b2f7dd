import { slotsPerSecond, type SlotPlace } from '../../derive/subsecond/index.ts';
import type { SecondsFrame } from './frame.ts';

const STEPS: Readonly<Record<string, { readonly seconds: number; readonly slots: number }>> = {
  ArrowLeft: { seconds: -1, slots: 0 },
  ArrowRight: { seconds: 1, slots: 0 },
  ArrowUp: { seconds: 0, slots: 1 },
  ArrowDown: { seconds: 0, slots: -1 },
  PageUp: { seconds: 0, slots: 10 },
  PageDown: { seconds: 0, slots: -10 },
  Home: { seconds: Number.NEGATIVE_INFINITY, slots: 0 },
  End: { seconds: Number.POSITIVE_INFINITY, slots: 0 },
};

/** What the help says of the keys; the panel's own are Enter and Escape. */
export const SUBSECOND_KEYS = [
  { keys: ['←', '→'], does: 'A second earlier, later' },
  { keys: ['↑', '↓'], does: 'Later, earlier within the second (Page ↑ ↓: ten parts)' },
  { keys: ['Home', 'End'], does: 'First, last second shown' },
  { keys: ['Shift+arrow'], does: 'Select from here to there (or drag)' },
  { keys: ['Enter'], does: 'Apply the selection' },
  { keys: ['Ctrl+Enter'], does: 'Add it to what is selected (or drag with Ctrl)' },
  { keys: ['Esc'], does: 'Give the selection up' },
] as const;

/** Where a key goes from here, within what is shown; null = the key does not move. The first one goes to `newest`. */
export function keyStep(
  key: string,
  from: SlotPlace | null,
  { seconds, slotNs }: SecondsFrame,
  newest: number,
): SlotPlace | null {
  const step = STEPS[key];
  if (!step) return null;
  const slots = slotsPerSecond(slotNs);
  const last = seconds.first + seconds.count - 1;
  if (!from) return { second: Math.min(last, Math.max(seconds.first, newest)), slot: Math.floor(slots / 2) };
  return {
    second: Math.min(last, Math.max(seconds.first, from.second + step.seconds)),
    slot: Math.min(slots - 1, Math.max(0, from.slot + step.slots)),
  };
}
