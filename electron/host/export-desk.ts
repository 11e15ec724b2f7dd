/** Exports, one at a time, only into files that the user chose in the system's dialog: main grants them. */
import { faultOf, type Fault } from '../../remote-agent/protocol/index.ts';
import type { PortToHost } from '../bridge/index.ts';

export type ExportRequest = Extract<PortToHost, { kind: 'export' }>;
/** Writes the whole file or nothing. Rejects with a FaultError. */
export type Exporter = (recording: string, request: ExportRequest) => Promise<void>;

/** The grant comes from main, the request from the window: two pipes, so the grant may come second by a moment. */
const GRANT_MS = 2000;

export class ExportDesk {
  readonly #exporter: Exporter;
  readonly #granted = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(exporter: Exporter) {
    this.#exporter = exporter;
  }

  grant(file: string): void {
    this.#granted.add(file);
    this.#waiting.get(file)?.();
  }

  /** null = written. A grant holds for one export. */
  async run(recording: string | null, request: ExportRequest): Promise<Fault | null> {
    if (recording === null) return refusal(request, 'nothing is recorded yet');
    if (!(await this.#isGranted(request.file))) return refusal(request, 'it was not chosen in the dialog');
    const work = this.#last.then(() => this.#exporter(recording, request));
    this.#last = work.catch(() => undefined); // its own caller is told
    try {
      await work;
      return null;
    } catch (error) {
      const fault = faultOf(error);
      if (fault) return fault;
      throw error;
    }
  }

  async #isGranted(file: string): Promise<boolean> {
    if (!this.#granted.has(file)) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, GRANT_MS);
        this.#waiting.set(file, () => {
          clearTimeout(timer);
          resolve();
        });
      });
      this.#waiting.delete(file);
    }
    return this.#granted.delete(file);
  }
}

function refusal({ file }: ExportRequest, why: string): Fault {
  return { code: 'file-io', message: `cannot export to ${file}: ${why}` };
}
