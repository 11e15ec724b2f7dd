/** A recording that remembers what was written to it, and can fail. */
import type { RecordingWriter } from '../../../electron/recording/index.ts';
import { type AgentFrame, type Fault, FaultError } from '../../../remote-agent/protocol/index.ts';

export class FakeRecording implements RecordingWriter {
  readonly file = '/recordings/edge-7.sonde.mcap';
  fault: Fault | null = null;
  refusal: Fault | null = null;
  /** What making the file waits for. */
  ready: Promise<void> | null = null;
  closed = false;
  /** "3" = record 3; "note: …" */
  readonly written: string[] = [];
  #onFault: (fault: Fault) => void = () => undefined;

  get bytes(): number {
    return this.written.length;
  }

  async begin(onFault: (fault: Fault) => void): Promise<RecordingWriter> {
    this.#onFault = onFault;
    await this.ready;
    if (this.refusal) throw new FaultError(this.refusal);
    return this;
  }

  setMarks(): void {}

  append({ seq, body }: AgentFrame): void {
    if (!this.fault) this.written.push(body.case === 'note' ? `note: ${body.value.text}` : String(seq));
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  fail(fault: Fault): void {
    this.fault = fault;
    this.#onFault(fault);
  }
}
