/** Exports, one at a time, only into files that the user chose in the system's dialog. */
import { faultOf, type Fault } from '../../remote-agent/protocol/index.ts';
import type { PortToHost } from '../bridge/index.ts';
import type { Grants } from './grants.ts';

export type ExportRequest = Extract<PortToHost, { kind: 'export' }>;
/** Writes the whole file or nothing. Rejects with a FaultError. */
export type Exporter = (recording: string, request: ExportRequest, stop: AbortSignal) => Promise<void>;

export class ExportDesk {
  readonly #exporter: Exporter;
  readonly #grants: Grants;
  #last: Promise<unknown> = Promise.resolve();
  #stop = new AbortController();

  constructor(exporter: Exporter, grants: Grants) {
    this.#exporter = exporter;
    this.#grants = grants;
  }

  /** null = written. A grant holds for one export. */
  async run(recording: string | null, request: ExportRequest): Promise<Fault | null> {
    if (recording === null) return refusal(request, 'nothing is recorded yet');
    if (!(await this.#grants.take(request.file))) return refusal(request, 'it was not chosen in the dialog');
    const { signal } = this.#stop;
    const work = this.#last.then(() => this.#exporter(recording, request, signal));
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

  /** Those under way and those that wait. Resolves when nothing is left of them. */
  async cancel(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    await this.#last;
  }
}

function refusal({ file }: ExportRequest, why: string): Fault {
  return { code: 'file-io', message: `cannot export to ${file}: ${why}` };
}
