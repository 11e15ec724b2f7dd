/** After a session: its recording is put in order, while nobody waits for it. */
import { faultOf } from '../../remote-agent/protocol/index.ts';
import { tidyRecording } from '../recording/index.ts';

/** The window is gone and the process is to end: an hour's recording takes so long, a longer one is gone on with when it is opened. */
const CLOSE_MS = 3000;

export class TidyDesk {
  /** Resolves when the file stays as it is. */
  readonly settled: Promise<void>;
  readonly #stop = new AbortController();

  /** `file`: once it is finished; null = nothing was recorded. */
  constructor(file: Promise<string | null>) {
    this.settled = file.then((path) => (path === null ? undefined : this.#tidy(path)));
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(), CLOSE_MS);
    await this.settled;
    clearTimeout(timer);
  }

  async #tidy(path: string): Promise<void> {
    try {
      await tidyRecording(path, { stop: this.#stop.signal });
    } catch (error) {
      if (!faultOf(error)) throw error; // a full disk: the recording itself is whole
    }
  }
}
