import type {
  CaptureOrder,
  Mark,
  PortToHost,
  PortToWindow,
  ProbeChoice,
  RedactionRules,
  SessionView,
  Stretch,
  UnattendedOrder,
} from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type {
  ExportOrder,
  ExportOutcome,
  PreviewOutcome,
  ShareOrder,
  Source,
  SourceListener,
  SummaryOutcome,
} from './source.ts';

/** The part of MessagePort that is used, so that a test may hand in one end of a MessageChannel. */
export interface PortLike {
  postMessage(message: PortToHost): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

const HOST_GONE: Fault = {
  code: 'session-crashed',
  message: 'the session process of this window ended unexpectedly',
  hint: 'What was recorded is kept, up to its last written second. Reconnect to go on.',
};
/** It had not come to recording, or was not to. */
const CONNECTING_GONE: Fault = { ...HOST_GONE, hint: 'Nothing was recorded. Connect again to go on.' };
const READER_GONE: Fault = {
  ...HOST_GONE,
  hint: 'What was read stays on screen. Open the recording again to export from it.',
};

/** A session host at the other end of a MessagePort: live sessions and recordings alike. */
export class PortSource implements Source {
  readonly #port: PortLike;
  readonly #exports = new Map<number, (outcome: ExportOutcome) => void>();
  readonly #previews = new Map<number, (outcome: PreviewOutcome | null) => void>();
  readonly #summaries = new Map<
    number,
    { readonly settle: (outcome: SummaryOutcome | null) => void; readonly onProgress: (progress: number) => void }
  >();
  #nextExport = 1;
  #lastView: SessionView | null = null;

  constructor(port: PortLike) {
    this.#port = port;
  }

  subscribe(listener: SourceListener): () => void {
    let open = true;
    this.#port.addEventListener('message', (event) => {
      if (open) this.#receive(event.data as PortToWindow, listener);
    });
    this.#port.addEventListener('close', () => {
      if (open) this.#hostGone(listener);
    });
    this.#port.start();
    return () => {
      open = false;
      this.#settleExports({ code: 'cancelled', message: 'the session was closed before the export had finished' });
      this.#port.close();
    };
  }

  answer(prompt: number, value: string | boolean | null, keep: boolean): void {
    this.#port.postMessage({ kind: 'answer', prompt, value, keep });
  }

  disconnect(): void {
    this.#port.postMessage({ kind: 'disconnect' });
  }

  reconnectNow(): void {
    this.#port.postMessage({ kind: 'reconnect-now' });
  }

  startProbe({ probe, options }: ProbeChoice): void {
    this.#port.postMessage({ kind: 'start-probe', probe, options });
  }

  stopProbe(probe: string): void {
    this.#port.postMessage({ kind: 'stop-probe', probe });
  }

  startCapture(order: CaptureOrder): void {
    this.#port.postMessage({ kind: 'start-capture', order });
  }

  stopCapture(): void {
    this.#port.postMessage({ kind: 'stop-capture' });
  }

  keepLast(seconds: number): void {
    this.#port.postMessage({ kind: 'keep-last', seconds });
  }

  setTriggers(triggers: readonly string[], keep: boolean): void {
    this.#port.postMessage({ kind: 'set-triggers', triggers, keep });
  }

  recordUnattended(order: UnattendedOrder): void {
    this.#port.postMessage({ kind: 'record-unattended', order });
  }

  fetchRecording(id: string): void {
    this.#port.postMessage({ kind: 'fetch-recording', id });
  }

  deleteRecording(id: string): void {
    this.#port.postMessage({ kind: 'delete-recording', id });
  }

  setMarks(marks: readonly Mark[]): void {
    this.#port.postMessage({ kind: 'set-marks', marks });
  }

  showRange(range: Stretch | null): void {
    this.#port.postMessage({ kind: 'show-range', fromNs: range?.fromNs ?? null, toNs: range?.toNs ?? null });
  }

  exportTo(order: ExportOrder): Promise<ExportOutcome> {
    const request = this.#nextExport++;
    const { format, table, file, ranges } = order;
    this.#port.postMessage({ kind: 'export', request, format, table, file, ranges });
    return new Promise((resolve) => this.#exports.set(request, resolve));
  }

  previewRedaction(rules: RedactionRules, ranges: readonly Stretch[]): Promise<PreviewOutcome | null> {
    const request = this.#nextExport++;
    this.#port.postMessage({ kind: 'preview-redaction', request, rules, ranges });
    return new Promise((resolve) => this.#previews.set(request, resolve));
  }

  share({ file, rules, what, ranges }: ShareOrder): Promise<ExportOutcome> {
    const request = this.#nextExport++;
    this.#port.postMessage({ kind: 'share', request, file, rules, what, ranges });
    return new Promise((resolve) => this.#exports.set(request, resolve));
  }

  cancelExports(): void {
    this.#port.postMessage({ kind: 'cancel-exports' });
  }

  summarise(ranges: readonly Stretch[], onProgress: (progress: number) => void): Promise<SummaryOutcome | null> {
    const request = this.#nextExport++;
    this.#port.postMessage({ kind: 'summarise', request, ranges });
    return new Promise((settle) => this.#summaries.set(request, { settle, onProgress }));
  }

  cancelSummary(): void {
    this.#port.postMessage({ kind: 'cancel-summary' });
  }

  #receive(message: PortToWindow, listener: SourceListener): void {
    switch (message.kind) {
      case 'state':
        this.#lastView = message.view;
        listener.view(message.view);
        return;
      case 'signals':
        void listener
          .signals(message.signals)
          .then(() => this.#port.postMessage({ kind: 'ack', batch: message.batch }));
        return;
      case 'exported': {
        const settle = this.#exports.get(message.request);
        this.#exports.delete(message.request);
        settle?.(message.fault ? { ok: false, fault: message.fault } : { ok: true, file: message.file });
        return;
      }
      case 'redaction-preview': {
        const { request, preview, fault } = message;
        const settle = this.#previews.get(request);
        this.#previews.delete(request);
        settle?.(fault ? { ok: false, fault } : preview && { ok: true, preview });
        return;
      }
      case 'summary-progress':
        this.#summaries.get(message.request)?.onProgress(message.progress);
        return;
      case 'summary': {
        const { request, summary, fault } = message;
        const asked = this.#summaries.get(request);
        this.#summaries.delete(request);
        asked?.settle(fault ? { ok: false, fault } : summary && { ok: true, summary });
        return;
      }
      case 'marks':
        return listener.marks(message.marks);
      case 'series':
        return listener.series(message.series);
      case 'refill':
        return listener.refill(message.phase);
      case 'capture':
        listener.capture(message.view);
        return;
      case 'flight':
        listener.flight(message.view);
        return;
      case 'fault':
        listener.fault(message.fault);
        return;
      default:
        assertNever(message);
    }
  }

  /** The port closes without a word only when its process died: every orderly end sends `ended` or is ours. */
  #hostGone(listener: SourceListener): void {
    const last = this.#lastView;
    const recording = last && 'recording' in last ? last.recording : null;
    const fault = last?.kind === 'replay' ? READER_GONE : recording?.file ? HOST_GONE : CONNECTING_GONE;
    this.#settleExports(fault);
    if (last?.kind === 'ended') return;
    if (last?.kind === 'replay' && last.complete) return listener.fault(fault);
    listener.view({ kind: 'ended', fault, steps: last && 'steps' in last ? last.steps : [], recording });
  }

  #settleExports(fault: Fault): void {
    for (const settle of this.#exports.values()) settle({ ok: false, fault });
    this.#exports.clear();
    for (const settle of this.#previews.values()) settle({ ok: false, fault });
    this.#previews.clear();
    for (const { settle } of this.#summaries.values()) settle({ ok: false, fault });
    this.#summaries.clear();
  }
}

function assertNever(message: never): never {
  throw new Error(`unknown message from the session host: ${JSON.stringify(message)}`);
}
