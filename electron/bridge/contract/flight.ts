/** What is kept beside the recording of a live session, and what a device records by itself. */
import type { ProbeChoice } from './target.ts';

/** What the device is to record by itself, also when this window is closed and the link is cut. */
export interface UnattendedOrder {
  readonly probes: readonly ProbeChoice[];
  readonly forS: number;
  readonly maxBytes: number;
  /** As protocol/triggers.ts writes them. None: all is kept; else only what is around one that fires. */
  readonly triggers: readonly string[];
  readonly beforeS: number;
  readonly afterS: number;
}

/** A recording that a device has made, or makes, by itself. */
export interface DeviceRecording {
  readonly id: string;
  /** Nobody ordered it: it is the last that the device has of a session that broke off. */
  readonly brokeOff: boolean;
  /** When it began, by the workstation's clock; ms since 1970. */
  readonly startedMs: number;
  readonly running: boolean;
  /** What it does, or why it does nothing any more. */
  readonly state: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly probes: readonly string[];
  readonly firings: number;
}

/** What is kept beside the recording of a live session. */
export interface FlightView {
  /** Looked for on the device while the session lives. */
  readonly triggers: readonly string[];
  /** What is around one that fires becomes a recording of its own. */
  readonly keepsTriggered: boolean;
  /** On the device; null = nobody has looked yet. */
  readonly waiting: readonly DeviceRecording[] | null;
  /** progress 0…1; null = not known. */
  readonly busy: { readonly text: string; readonly progress: number | null } | null;
  /** Recordings that came of it, newest first. */
  readonly kept: readonly { readonly file: string; readonly text: string }[];
}
