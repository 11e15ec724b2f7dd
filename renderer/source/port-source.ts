import type { PortToHost, PortToWindow, ProbeChoice, SessionView } from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { ExportOrder, ExportOutcome, Source, SourceListener } from './source.ts';

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
  hint: 'The recording is kept up to its last written second. Connect again to go on.',
};
const READER_GONE: Fault = {
  ...HOST_GONE,
  hint: 'What was read stays on screen. Open the recording again to export from it.',
};

/** A session host at the other end of a MessagePort: live sessions and recordings alike. */
export class PortSource implements Source {
  readonly #port: PortLike;
  readonly #exports = new Map<number, (outcome: ExportOutcome) => void>();
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

  answer(prompt: number, value: string | boolean | null): void {
    this.#port.postMessage({ kind: 'answer', prompt, value });
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

  exportTo(order: ExportOrder): Promise<ExportOutcome> {
    const request = this.#nextExport++;
    const { format, table, file, range } = order;
    this.#port.postMessage({
      kind: 'export',
      request,
      format,
      table,
      file,
      fromNs: range?.fromNs ?? null,
      toNs: range?.toNs ?? null,
    });
    return new Promise((resolve) => this.#exports.set(request, resolve));
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
    const fault = last?.kind === 'replay' ? READER_GONE : HOST_GONE;
    this.#settleExports(fault);
    if (last?.kind === 'ended') return;
    if (last?.kind === 'replay' && last.complete) return listener.fault(fault);
    const recording = last && 'recording' in last ? last.recording : null;
    listener.view({ kind: 'ended', fault, steps: last && 'steps' in last ? last.steps : [], recording });
  }

  #settleExports(fault: Fault): void {
    for (const settle of this.#exports.values()) settle({ ok: false, fault });
    this.#exports.clear();
  }
}

function assertNever(message: never): never {
  throw new Error(`unknown message from the session host: ${JSON.stringify(message)}`);
}
