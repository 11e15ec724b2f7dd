/** One client connection: preamble and frames in both directions. Knows nothing of what the frames mean. */
import type { Socket } from 'node:net';
import {
  type ClientFrame,
  decodeClientFrame,
  encodeAgentFrame,
  encodeFrame,
  encodePreamble,
  type Fault,
  faultOf,
  faultToWire,
  FrameReader,
} from '../../protocol/index.ts';
import type { SentRecord } from './spool.ts';

export interface LinkListener {
  onFrame(frame: ClientFrame): void;
  /** Called once, whoever ended it. `fault` where the other side could not be understood. */
  onClose(fault: Fault | null): void;
}

export type Talk = Parameters<typeof encodeAgentFrame>[0]['body'];

/** Whoever takes the records of a run: a client, or the file of an unattended recording. */
export interface Taker {
  sendRecord(record: SentRecord): void;
  /** A frame about the connection itself. */
  say(body: NonNullable<Talk>): void;
}

export class Link implements Taker {
  sentBytes = 0;
  /** When the client was last heard, by the clock given. */
  heardMs: number;
  private readonly socket: Socket;
  private readonly reader = new FrameReader();
  private isClosed = false;

  constructor(socket: Socket, now: () => number, listener: LinkListener) {
    this.socket = socket;
    this.heardMs = now();
    socket.on('data', (chunk: Buffer) => {
      this.heardMs = now();
      this.take(chunk, listener);
    });
    socket.on('error', () => this.finish(listener, null)); // a reset is just another way to end
    socket.on('close', () => this.finish(listener, null));
    this.write(encodePreamble());
  }

  sendRecord({ frame }: SentRecord): void {
    this.write(encodeFrame(frame));
  }

  /** A frame about the connection itself: no number, never spooled. */
  say(body: NonNullable<Talk>): void {
    this.write(encodeFrame(encodeAgentFrame({ body })));
  }

  sayFault(fault: Fault): void {
    this.say({ case: 'fault', value: faultToWire(fault) });
  }

  /** What was said is still sent. */
  end(): void {
    if (!this.isClosed) this.socket.end();
  }

  /** Resolves when the client has taken everything and closed, or after `ms`. */
  closedWithin(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.closed) return resolve();
      this.socket.once('close', () => resolve());
      setTimeout(resolve, ms).unref();
    });
  }

  destroy(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer, listener: LinkListener): void {
    try {
      for (const payload of this.reader.push(chunk)) if (!this.isClosed) listener.onFrame(decodeClientFrame(payload));
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.sayFault(fault);
      this.socket.end();
      this.finish(listener, fault);
    }
  }

  private finish(listener: LinkListener, fault: Fault | null): void {
    if (this.isClosed) return;
    this.isClosed = true;
    listener.onClose(fault);
  }

  private write(bytes: Uint8Array): void {
    if (this.isClosed || !this.socket.writable) return;
    this.sentBytes += bytes.length;
    this.socket.write(bytes);
  }
}
