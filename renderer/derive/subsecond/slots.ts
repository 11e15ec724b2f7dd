/** Slots as the pictures need them: how long they are, and where a moment lies. What they are is said in protocol/slots.ts. */
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import { HUNDREDTH_NS } from '../../../remote-agent/protocol/slots.ts';

export const SECOND_NS = 1e9;
const DEFAULT_MS = 20;

/** How long slots are, by what the probe was last started with. */
export function slotLengthNs(events: readonly ProbeSignal[]): number {
  const ms = askedMs(events) || DEFAULT_MS;
  return Math.ceil(Math.min(1000, ms) / 10) * HUNDREDTH_NS;
}

/** The probe was last started with the wish not to tell them apart. */
export function isWithoutSlots(events: readonly ProbeSignal[]): boolean {
  return askedMs(events) === 0;
}

function askedMs(events: readonly ProbeSignal[]): number | null {
  const started = events.findLast(({ what }) => what.kind === 'started')?.what;
  const asked = started?.kind === 'started' ? Number(started.options['slot-ms'] ?? Number.NaN) : Number.NaN;
  return asked >= 0 ? asked : null;
}

export function slotsPerSecond(slotNs: number): number {
  return Math.ceil(SECOND_NS / slotNs);
}

/** The slot that `ns` lies in. */
export interface SlotPlace {
  readonly second: number;
  /** From 0. */
  readonly slot: number;
}

export function slotAt(ns: number, slotNs: number): SlotPlace {
  const second = Math.floor(ns / SECOND_NS);
  return { second, slot: Math.floor((ns - second * SECOND_NS) / slotNs) };
}

export function slotFromNs({ second, slot }: SlotPlace, slotNs: number): number {
  return second * SECOND_NS + slot * slotNs;
}

export function slotToNs({ second, slot }: SlotPlace, slotNs: number): number {
  return second * SECOND_NS + Math.min(SECOND_NS, (slot + 1) * slotNs);
}
