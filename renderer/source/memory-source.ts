import type {
  CaptureOrder,
  CaptureView,
  FlightView,
  Mark,
  ProbeChoice,
  RedactionRules,
  SeriesData,
  SessionView,
  Stretch,
  UnattendedOrder,
} from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Signal } from '../../remote-agent/protocol/signal.ts';
import type {
  ExportOrder,
  ExportOutcome,
  PreviewOutcome,
  ShareOrder,
  Source,
  SourceListener,
  SummaryOutcome,
} from './source.ts';

/** A source whose data is put in by hand, and which remembers what was asked of it. For tests and screens without a device. */
export class MemorySource implements Source {
  readonly answers: { readonly prompt: number; readonly value: string | boolean | null; readonly keep: boolean }[] = [];
  readonly exports: ExportOrder[] = [];
  readonly shared: ShareOrder[] = [];
  readonly previews: RedactionRules[] = [];
  /** What previews tell. */
  previewOutcome: ((rules: RedactionRules) => PreviewOutcome) | null = null;
  readonly previewRanges: (readonly Stretch[])[] = [];
  /** What summaries were asked of, and what they tell; null = it is still being made. */
  readonly summarised: (readonly Stretch[])[] = [];
  summaryOutcome: SummaryOutcome | null = null;
  readonly started: ProbeChoice[] = [];
  readonly stopped: string[] = [];
  readonly captures: CaptureOrder[] = [];
  capturesStopped = 0;
  /** What was asked for, null = all. */
  readonly ranges: (Stretch | null)[] = [];
  readonly keptSeconds: number[] = [];
  readonly unattended: UnattendedOrder[] = [];
  readonly fetched: string[] = [];
  readonly deleted: string[] = [];
  /** The last one told. */
  flight: FlightView = { triggers: [], keepsTriggered: true, waiting: null, busy: null, kept: [] };
  exportsCancelled = 0;
  summariesCancelled = 0;
  disconnects = 0;
  reconnects = 0;
  /** What the next export ends in. */
  exportOutcome: ExportOutcome | null = null;
  #listener: SourceListener | null = null;
  readonly #early: ((listener: SourceListener) => void)[] = [];

  subscribe(listener: SourceListener): () => void {
    this.#listener = listener;
    for (const deliver of this.#early.splice(0)) deliver(listener);
    return () => {
      this.#listener = null;
    };
  }

  /** Settles when the listener has taken the batch. */
  push(signals: readonly Signal[]): Promise<void> {
    return new Promise((resolve) => this.#deliver((to) => void to.signals(signals).then(resolve)));
  }

  show(view: SessionView): void {
    this.#deliver((to) => to.view(view));
  }

  fail(fault: Fault): void {
    this.#deliver((to) => to.fault(fault));
  }

  /** A long recording's tracks. */
  putSeries(series: readonly SeriesData[]): void {
    this.#deliver((to) => to.series(series));
  }

  refill(phase: 'begins' | 'ends'): void {
    this.#deliver((to) => to.refill(phase));
  }

  answer(prompt: number, value: string | boolean | null, keep: boolean): void {
    this.answers.push({ prompt, value, keep });
  }

  disconnect(): void {
    this.disconnects++;
  }

  reconnectNow(): void {
    this.reconnects++;
  }

  startProbe(choice: ProbeChoice): void {
    this.started.push(choice);
  }

  stopProbe(probe: string): void {
    this.stopped.push(probe);
  }

  startCapture(order: CaptureOrder): void {
    this.captures.push(order);
    this.showCapture({ kind: 'starting', order });
  }

  stopCapture(): void {
    this.capturesStopped++;
  }

  showCapture(view: CaptureView): void {
    this.#deliver((to) => to.capture(view));
  }

  keepLast(seconds: number): void {
    this.keptSeconds.push(seconds);
  }

  /** As the host would: what is looked for now is told. */
  setTriggers(triggers: readonly string[], keepsTriggered: boolean): void {
    this.showFlight({ ...this.flight, triggers, keepsTriggered });
  }

  recordUnattended(order: UnattendedOrder): void {
    this.unattended.push(order);
  }

  fetchRecording(id: string): void {
    this.fetched.push(id);
  }

  deleteRecording(id: string): void {
    this.deleted.push(id);
  }

  showFlight(view: FlightView): void {
    this.flight = view;
    this.#deliver((to) => to.flight(view));
  }

  /** As the host would: they are kept, and told again. */
  setMarks(marks: readonly Mark[]): void {
    this.#deliver((to) => to.marks(marks));
  }

  showRange(range: Stretch | null): void {
    this.ranges.push(range);
  }

  exportTo(order: ExportOrder): Promise<ExportOutcome> {
    this.exports.push(order);
    return Promise.resolve(this.exportOutcome ?? { ok: true, file: order.file });
  }

  /** As the last one of a host would be: every kind once. */
  previewRedaction(rules: RedactionRules, ranges: readonly Stretch[]): Promise<PreviewOutcome | null> {
    this.previewRanges.push(ranges);
    this.previews.push(rules);
    return Promise.resolve(this.previewOutcome?.(rules) ?? { ok: true, preview: { rules, kinds: [] } });
  }

  share(order: ShareOrder): Promise<ExportOutcome> {
    this.shared.push(order);
    return Promise.resolve(this.exportOutcome ?? { ok: true, file: order.file });
  }

  cancelExports(): void {
    this.exportsCancelled++;
  }

  cancelSummary(): void {
    this.summariesCancelled++;
  }

  summarise(ranges: readonly Stretch[], onProgress: (progress: number) => void): Promise<SummaryOutcome | null> {
    this.summarised.push(ranges);
    if (this.summaryOutcome) return Promise.resolve(this.summaryOutcome);
    onProgress(0.4);
    return new Promise(() => {});
  }

  #deliver(action: (listener: SourceListener) => void): void {
    if (this.#listener) action(this.#listener);
    else this.#early.push(action);
  }
}
