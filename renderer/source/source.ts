import type {
  CaptureOrder,
  CaptureView,
  ExportKind,
  FlightView,
  Mark,
  ProbeChoice,
  RecordingSummary,
  RedactionPreview,
  RedactionRules,
  SeriesData,
  SessionView,
  Stretch,
  UnattendedOrder,
} from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Signal } from '../../remote-agent/protocol/signal.ts';

/** Where one session's data comes from: a device, a recording, a test. Whoever listens cannot tell which. */
export interface Source {
  /**
   * Starts the flow. One listener per source; what arrived before is delivered first. Returns the closer, which also
   * lets go of the source: nothing is delivered after it.
   */
  subscribe(listener: SourceListener): () => void;
  /** `value`: text for a secret, true/false for a host key, null = cancelled. keep: a secret is to be remembered. */
  answer(prompt: number, value: string | boolean | null, keep: boolean): void;
  /** Ends the session; the view becomes `ended` and the data stays. */
  disconnect(): void;
  reconnectNow(): void;
  /** Live sessions only. What became of it comes as a probe signal. */
  startProbe(choice: ProbeChoice): void;
  stopProbe(probe: string): void;
  /** Live sessions only, one at a time. What becomes of it is told. */
  startCapture(order: CaptureOrder): void;
  stopCapture(): void;
  /** Live sessions only, as are the next four; what becomes of them is told by `flight`, or is a fault. */
  keepLast(seconds: number): void;
  setTriggers(triggers: readonly string[], keep: boolean): void;
  recordUnattended(order: UnattendedOrder): void;
  fetchRecording(id: string): void;
  deleteRecording(id: string): void;
  /** All marks of the session: into the recording where it can be written. What became of it comes as `marks`. */
  setMarks(marks: readonly Mark[]): void;
  /** Of a recording with more than the window can hold: this part, as fine as fits. null = all of it. */
  showRange(range: Stretch | null): void;
  exportTo(order: ExportOrder): Promise<ExportOutcome>;
  /** null: a newer one was asked for meanwhile. */
  previewRedaction(rules: RedactionRules, ranges: readonly Stretch[]): Promise<PreviewOutcome | null>;
  /** Redacted. */
  share(order: ShareOrder): Promise<ExportOutcome>;
  /** Those under way, exported or shared, end as `cancelled` and leave nothing. */
  cancelExports(): void;
  /** What the recording of the session says of itself. No ranges: all of it. null: a newer one was asked for meanwhile, or none any more. */
  summarise(ranges: readonly Stretch[], onProgress: (progress: number) => void): Promise<SummaryOutcome | null>;
  /** Nobody looks any more: the one under way gives null. */
  cancelSummary(): void;
}

export interface SourceListener {
  /** Batches come in order. The sender goes on when the promise settles: that is the back-pressure. */
  signals(batch: readonly Signal[]): Promise<void>;
  view(view: SessionView): void;
  marks(marks: readonly Mark[]): void;
  /** Of a long recording: all of its tracks at once, instead of what would be made from its windows. */
  series(series: readonly SeriesData[]): void;
  /** The signals in between take the place of the windows and costs that are shown. */
  refill(phase: 'begins' | 'ends'): void;
  capture(view: CaptureView): void;
  flight(view: FlightView): void;
  /** Something failed which does not change the session's state. */
  fault(fault: Fault): void;
}

export interface ExportOrder extends ExportKind {
  readonly file: string;
  /** None = all of the session, also what the window has forgotten. */
  readonly ranges: readonly Stretch[];
}

export interface ShareOrder {
  readonly file: string;
  readonly rules: RedactionRules;
  /** null = a recording. */
  readonly what: ExportKind | null;
  readonly ranges: readonly Stretch[];
}

export type PreviewOutcome =
  | { readonly ok: true; readonly preview: RedactionPreview }
  | { readonly ok: false; readonly fault: Fault };

export type SummaryOutcome =
  | { readonly ok: true; readonly summary: RecordingSummary }
  | { readonly ok: false; readonly fault: Fault };

export type ExportOutcome =
  | { readonly ok: true; readonly file: string }
  | { readonly ok: false; readonly fault: Fault };
