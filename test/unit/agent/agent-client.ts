/** A client of the agent, as small as it can be: connects, greets, keeps what it is told. */
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type AgentFrame,
  decodeAgentFrame,
  encodeClientFrame,
  encodeFrame,
  encodePreamble,
  FrameReader,
  type Signal,
  SignalDecoder,
} from '../../../remote-agent/protocol/index.ts';

type ClientBody = NonNullable<Parameters<typeof encodeClientFrame>[0]['body']>;

export class AgentClient {
  readonly frames: AgentFrame[] = [];
  readonly signals: Signal[] = [];
  lastSeq = 0n;
  runId: Uint8Array = new Uint8Array(0);
  isAcking = true;
  isClosed = false;
  private stream: Duplex | null = null;
  private readonly decoder = new SignalDecoder();

  async dial(path: string): Promise<void> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    this.attach(socket);
  }

  attach(stream: Duplex): void {
    const reader = new FrameReader();
    this.stream = stream;
    this.isClosed = false;
    stream.on('data', (chunk: Buffer) => {
      if (this.stream === stream) for (const payload of reader.push(chunk)) this.take(decodeAgentFrame(payload));
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      if (this.stream === stream) this.isClosed = true;
    });
    stream.write(encodePreamble());
  }

  /** Connects and greets: as new the first time, to resume later. */
  async join(path: string, leaseS = 30): Promise<void> {
    await this.dial(path);
    this.greet(leaseS);
  }

  async joinOver(stream: Duplex, leaseS = 30): Promise<void> {
    const before = this.bodies('welcome').length;
    this.attach(stream);
    this.greet(leaseS);
    await this.until('welcome', () => this.bodies('welcome').length > before, 30_000);
  }

  greet(leaseS: number): void {
    this.say({ case: 'hello', value: { clientVersion: 'test', runId: this.runId, lastSeq: this.lastSeq, leaseS } });
  }

  say(body: ClientBody): void {
    this.raw(encodeFrame(encodeClientFrame({ body })));
  }

  raw(bytes: Uint8Array): void {
    this.stream?.write(bytes);
  }

  /** As if the cable had been pulled. Whatever is still in the socket is never seen. */
  cut(): void {
    const { stream } = this;
    this.stream = null;
    stream?.destroy();
    this.isClosed = true;
  }

  bodies<C extends AgentFrame['body']['case']>(kind: C): Extract<AgentFrame['body'], { case: C }>['value'][] {
    return this.frames.flatMap(({ body }) => (body.case === kind ? [body.value as never] : []));
  }

  async until<T>(what: string, find: () => T | undefined | null | false, ms = 10_000): Promise<T> {
    const start = performance.now();
    for (;;) {
      const found = find();
      if (found) return found;
      if (performance.now() - start > ms)
        throw new Error(`no ${what} within ${ms} ms; got ${this.frames.map(({ body }) => body.case).join(' ')}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private take(frame: AgentFrame): void {
    this.frames.push(frame);
    if (frame.body.case === 'welcome') this.runId = frame.body.value.runId.slice();
    if (frame.seq === 0n) return;
    const first = frame.firstSeq || frame.seq;
    if (first !== this.lastSeq + 1n) throw new Error(`record ${first} came after ${this.lastSeq}`);
    this.lastSeq = frame.seq;
    const signal = this.decoder.decode(frame);
    if (signal) this.signals.push(signal);
    if (this.isAcking) this.say({ case: 'ack', value: { seq: frame.seq } });
  }
}
