/**
 * When within a second something happened, in as few bytes as will do: 1 + the hundredth of a second in which its slot
 * begins, out of the 12,800 of 128 s of the device's monotonic clock; 0 = not known. Slots are some hundredths long, as the
 * probe was asked to make them, and begin anew with each second.
 *
 *      │ 0  20  40  60 … 980 │ 0  20 …      ms of a second, slots of 20 ms
 */
export const HUNDREDTH_NS = 1e7;
const CYCLE = 12_800;
/** A slot begins before the window in which it is by no more than its own length, which is a second at most. */
const EARLIEST = 100;
/** Longer windows are merged ones, in which no slot is known, or no windows of ours. */
export const LONGEST_SLOTTED_NS = (CYCLE - 2 * EARLIEST) * HUNDREDTH_NS;

/** When the slot of a row began. `slot` is above 0, the window is of at most LONGEST_SLOTTED_NS. */
export function slotStartNs(slot: number, windowFromNs: number): number {
  const earliest = Math.floor(windowFromNs / HUNDREDTH_NS) - EARLIEST;
  const ahead = (slot - 1 - (earliest % CYCLE) + 2 * CYCLE) % CYCLE;
  return (earliest + ahead) * HUNDREDTH_NS;
}

/** The other way: how the slot that begins there is told. */
export function slotNumber(startNs: number): number {
  return 1 + (Math.floor(startNs / HUNDREDTH_NS) % CYCLE);
}
