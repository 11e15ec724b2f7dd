/** The client's end of a link to the fake device: delivers its frames in order, one at a time, and can freeze. */
import type { AgentClient, AgentEnd, Installation, PongTimes, ResumePoint } from '../../../electron/device/index.ts';
import { type AgentFrame, encodeAgentFrame } from '../../../remote-agent/protocol/index.ts';
import type { FakeDevice } from './fake-device.ts';

export class FakeAgent implements AgentClient {
  readonly rttMs = 3;
  receivedBytes = 0;
  frozen = false;
  readonly closed: Promise<AgentEnd>;
  readonly welcome;
  readonly #device: FakeDevice;
  readonly #run: string;
  #lastSeq: number;
  #queue: AgentFrame[] = [];
  #listener: ((frame: AgentFrame, payload: Uint8Array) => void | Promise<void>) | null = null;
  #busy = false;
  #ended = false;
  #end: (end: AgentEnd) => void = () => undefined;

  constructor(device: FakeDevice, run: string, lastSeq: number) {
    this.#device = device;
    this.#run = run;
    this.#lastSeq = lastSeq;
    this.welcome = { agentVersion: '', runId: run, nextSeq: lastSeq + 1, lostBeforeSeq: 0, leaseS: 60, pid: 7 };
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get resumePoint(): ResumePoint {
    return { installation: {} as Installation, runDir: '/run', runId: this.#run, lastSeq: this.#lastSeq };
  }

  onFrame(listener: (frame: AgentFrame, payload: Uint8Array) => void | Promise<void>): () => void {
    this.#listener = listener;
    void this.#pump();
    return () => undefined;
  }

  deliver(frame: AgentFrame): void {
    if (this.frozen || this.#ended) return;
    this.receivedBytes += 100;
    this.#queue.push(frame);
    void this.#pump();
  }

  end(end: AgentEnd): void {
    this.#ended = true;
    this.#queue = [];
    this.#end(end);
  }

  startProbe(probe: string): void {
    if (!this.#ended) this.#device.startProbe(probe);
  }

  stopProbe(probe: string): void {
    if (!this.#ended) this.#device.stopProbe(probe);
  }

  setTriggers(triggers: readonly string[]): void {
    if (!this.#ended) this.#device.log.push(`triggers ${triggers.join(' ')}`);
  }

  ack(seq: number): void {
    this.#device.acked.push(seq);
    this.#device.forgetUpTo(seq);
  }

  ping(): Promise<PongTimes> {
    if (this.frozen) return new Promise(() => undefined);
    this.receivedBytes += 10;
    return Promise.resolve({ rttMs: 3, monotonicNs: 1, realtimeNs: 1 });
  }

  shutdown(): Promise<void> {
    if (this.#ended) return Promise.resolve(); // nobody hears it
    this.#device.stopped(this.#run);
    this.end({ kind: 'closed' });
    return Promise.resolve();
  }

  close(): void {
    this.end({ kind: 'closed' });
  }

  async #pump(): Promise<void> {
    if (this.#busy || !this.#listener) return;
    this.#busy = true;
    for (let frame = this.#queue.shift(); frame; frame = this.#queue.shift()) {
      if (frame.seq > 0n) this.#lastSeq = Number(frame.seq);
      await this.#listener(frame, encodeAgentFrame(frame));
    }
    this.#busy = false;
  }
}
