import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { Mark, Stretch } from '../../../remote-agent/protocol/marks.ts';
import type { SeriesData } from '../../../remote-agent/protocol/series.ts';
import type { MonotonicNs, Signal } from '../../../remote-agent/protocol/signal.ts';
import type { RedactionPreview, RedactionRules } from '../redaction.ts';
import type { CaptureOrder, CaptureView } from './capture.ts';
import type { ExportKind } from './exports.ts';
import type { FlightView, UnattendedOrder } from './flight.ts';
import type { SessionView } from './session-view.ts';
import type { RecordingSummary } from './summary.ts';
import type { ProbeChoice } from './target.ts';

/**
 * session host → window, over the session's port. The host stays for exports after `ended` and until the port is closed
 * or `close-session`; a port that closes by itself means that the host process died.
 */
export type PortToWindow =
  | { readonly kind: 'state'; readonly view: SessionView }
  /** Acknowledge with `ack` after it was published; at most MAX_UNACKED batches are under way. */
  | { readonly kind: 'signals'; readonly batch: number; readonly signals: readonly Signal[] }
  | { readonly kind: 'exported'; readonly request: number; readonly file: string; readonly fault: Fault | null }
  /** Both null: a newer one was asked for meanwhile. */
  | {
      readonly kind: 'redaction-preview';
      readonly request: number;
      readonly preview: RedactionPreview | null;
      readonly fault: Fault | null;
    }
  /** Now and then while it is being made. */
  | { readonly kind: 'summary-progress'; readonly request: number; readonly progress: number }
  /** Both null: a newer one was asked for meanwhile. */
  | {
      readonly kind: 'summary';
      readonly request: number;
      readonly summary: RecordingSummary | null;
      readonly fault: Fault | null;
    }
  /** On opening, and after each change. */
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] }
  /** Of a long recording, whose windows come a range at a time: the tracks of all of it. */
  | { readonly kind: 'series'; readonly series: readonly SeriesData[] }
  /**
   * The windows and costs between the two are those of another range: they take the place of what is shown, all at once,
   * when it ends. A second beginning drops what came since the first. Tables and events stay.
   */
  | { readonly kind: 'refill'; readonly phase: 'begins' | 'ends' }
  | { readonly kind: 'capture'; readonly view: CaptureView }
  /** Live sessions only: first when it is live, then after each change. */
  | { readonly kind: 'flight'; readonly view: FlightView }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** window → session host, over the session's port */
export type PortToHost =
  | { readonly kind: 'ack'; readonly batch: number }
  /** keep: a password is to be remembered once it was accepted. */
  | {
      readonly kind: 'answer';
      readonly prompt: number;
      readonly value: string | boolean | null;
      readonly keep: boolean;
    }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'reconnect-now' }
  /** In the place of a run of it with other options. What became of it comes as a probe signal. Live sessions only. */
  | ({ readonly kind: 'start-probe' } & ProbeChoice)
  | { readonly kind: 'stop-probe'; readonly probe: string }
  /** Over the same connection; what becomes of it comes as `capture`. Live sessions only. */
  | { readonly kind: 'start-capture'; readonly order: CaptureOrder }
  | { readonly kind: 'stop-capture' }
  /** What just happened, into a recording of its own. What becomes of it, and of the next four, comes as `flight` or `fault`. */
  | { readonly kind: 'keep-last'; readonly seconds: number }
  /** In the place of those before. */
  | { readonly kind: 'set-triggers'; readonly triggers: readonly string[]; readonly keep: boolean }
  | { readonly kind: 'record-unattended'; readonly order: UnattendedOrder }
  /** Ends it if it still goes on, brings it, deletes it on the device. */
  | { readonly kind: 'fetch-recording'; readonly id: string }
  | { readonly kind: 'delete-recording'; readonly id: string }
  /** All of them, the last message wins. Into the recording, where it can be written. */
  | { readonly kind: 'set-marks'; readonly marks: readonly Mark[] }
  /** Of a recording that is too long to be held whole. null = all of it. */
  | { readonly kind: 'show-range'; readonly fromNs: MonotonicNs | null; readonly toNs: MonotonicNs | null }
  /** What is in the recording, and what of it would leave as what. Comes as `redaction-preview`. */
  | {
      readonly kind: 'preview-redaction';
      readonly request: number;
      readonly rules: RedactionRules;
      readonly ranges: readonly Stretch[];
    }
  /** Redacted; what null = a recording. Its end comes as `exported`. */
  | {
      readonly kind: 'share';
      readonly request: number;
      readonly file: string;
      readonly rules: RedactionRules;
      readonly what: ExportKind | null;
      readonly ranges: readonly Stretch[];
    }
  | ({
      readonly kind: 'export';
      readonly request: number;
      readonly file: string;
      readonly ranges: readonly Stretch[];
    } & ExportKind)
  /** Exports and sharing: those under way and those that wait end as `cancelled`, and leave nothing. */
  | { readonly kind: 'cancel-exports' }
  /** What the recording says of itself, as far as it goes now. Comes as `summary`. */
  | { readonly kind: 'summarise'; readonly request: number; readonly ranges: readonly Stretch[] }
  /** Nobody looks any more: the one under way ends without a summary. */
  | { readonly kind: 'cancel-summary' };

/** Of what is asked of one: no ranges = all of the recording, several = only what is in them, in order. */
export const MAX_RANGES = 1000;

/** Back-pressure: more than this many batches are never on their way to the window. */
export const MAX_UNACKED = 4;

/**
 * A session's MessagePort cannot cross the context bridge: preload posts it to the page's own window. The page takes it
 * through onSessionPort of window-ports.ts, never by hand. It comes once per session, before or after the answer to
 * `connect` / `open-recording` and the event `session-opened`: match them by sessionId.
 */
export interface SessionPortMessage {
  readonly kind: typeof PORT_MESSAGE;
  readonly sessionId: string;
}
export const PORT_MESSAGE = 'sonde:session-port';
/** Page → preload: somebody listens now. */
export const PORTS_WANTED_MESSAGE = 'sonde:session-ports-wanted';
