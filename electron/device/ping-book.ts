/** Questions to the agent that wait for their answer. */
import { type Fault, FaultError } from '../../remote-agent/protocol/fault.ts';
import type { PongTimes } from './agent-client.ts';

interface Waiting {
  readonly sentMs: number;
  readonly resolve: (times: PongTimes) => void;
  readonly reject: (error: Error) => void;
}

export class PingBook {
  lastRttMs: number | null = null;
  private readonly waiting = new Map<bigint, Waiting>();
  private lastToken = 0n;
  private over: Fault | null = null;

  ask(send: (token: bigint) => void): Promise<PongTimes> {
    return new Promise((resolve, reject) => {
      if (this.over) return reject(new FaultError(this.over));
      this.lastToken += 1n;
      this.waiting.set(this.lastToken, { sentMs: performance.now(), resolve, reject });
      send(this.lastToken);
    });
  }

  answer({ token, monotonicNs, realtimeNs }: { token: bigint; monotonicNs: bigint; realtimeNs: bigint }): void {
    const asked = this.waiting.get(token);
    if (!asked) return; // an answer to a question nobody remembers harms nobody
    this.waiting.delete(token);
    this.lastRttMs = performance.now() - asked.sentMs;
    asked.resolve({ rttMs: this.lastRttMs, monotonicNs: Number(monotonicNs), realtimeNs: Number(realtimeNs) });
  }

  abandon(why: Fault): void {
    this.over = why;
    for (const { reject } of this.waiting.values()) reject(new FaultError(why));
    this.waiting.clear();
  }
}
