/** What leaves redacted: a preview of it, and the file, which the user chose in the system's dialog. */
import { type Fault, faultOf } from '../../remote-agent/protocol/index.ts';
import type { PortToHost, PortToWindow } from '../bridge/index.ts';
import { exportRecording, within } from '../export/index.ts';
import { previewRedaction, redactionOf, redactRecording } from '../redact/index.ts';
import type { Grants } from './grants.ts';

type Order<K> = Extract<PortToHost, { kind: K }>;
type Preview = Extract<PortToWindow, { kind: 'redaction-preview' }>;
type Exported = Extract<PortToWindow, { kind: 'exported' }>;

export class ShareDesk {
  readonly #grants: Grants;
  #looking = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #stop = new AbortController();

  constructor(grants: Grants) {
    this.#grants = grants;
  }

  /** Only the newest one is wanted: whoever changes a rule has no use for the preview before. */
  async preview(recording: string | null, { request, rules, ranges }: Order<'preview-redaction'>): Promise<Preview> {
    this.#looking.abort();
    const looking = new AbortController();
    this.#looking = looking;
    const told = { kind: 'redaction-preview', request } as const;
    if (recording === null) return { ...told, preview: null, fault: NOTHING };
    try {
      return {
        ...told,
        preview: await previewRedaction(recording, rules, { ranges, stop: looking.signal }),
        fault: null,
      };
    } catch (error) {
      if (looking.signal.aborted) return { ...told, preview: null, fault: null };
      return { ...told, preview: null, fault: expected(error) };
    }
  }

  async share(recording: string | null, order: Order<'share'>): Promise<Exported> {
    const { request, file } = order;
    const { signal } = this.#stop;
    const work = this.#last.then(() => this.#write(recording, order, signal));
    this.#last = work.catch(() => undefined); // its own caller is told
    return { kind: 'exported', request, file, fault: await work };
  }

  /** Those under way and those that wait. Resolves when nothing is left of them. */
  async cancel(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    await this.#last;
  }

  async #write(
    recording: string | null,
    { file, rules, what, ranges }: Order<'share'>,
    stop: AbortSignal,
  ): Promise<Fault | null> {
    if (recording === null) return NOTHING;
    if (!(await this.#grants.take(file)))
      return { code: 'file-io', message: `cannot write ${file}: it was not chosen in the dialog` };
    try {
      if (what === null) await redactRecording({ recording, file, rules, ranges, stop });
      else {
        const stage = await redactionOf(recording, rules, { stop });
        await exportRecording({ recording, ...what, file, filter: within(ranges), stage, stop });
      }
      return null;
    } catch (error) {
      return expected(error);
    }
  }
}

const NOTHING: Fault = { code: 'file-io', message: 'cannot share: nothing is recorded yet' };

function expected(error: unknown): Fault {
  const fault = faultOf(error);
  if (!fault) throw error;
  return fault;
}
