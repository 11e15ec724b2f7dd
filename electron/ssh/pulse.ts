/**
 * Whether the far side still lives, and how far away it is. Besides fences.ts the only file that touches what ssh2 keeps to
 * itself: it has
 * no public way to ask the far side for an answer, and its own keepalive counts nothing but answers to its own questions,
 * which in a slow upload wait behind 2 MB of data: it would cut a link that works.
 */
import type { Client } from 'ssh2';

const BEAT_MS = 5_000;
/** 5 × 5 s: a small box that swaps, or a radio link that changes its cell, is silent for up to 20 s and comes back. */
const MISSES_UNTIL_DEAD = 5;

interface Internals {
  _callbacks?: (() => void)[];
  _protocol?: { ping?: () => void };
}

/** Sends an SSH keepalive request; any answer, also "unknown request", will do. False = this ssh2 cannot. */
function ask(client: Client, onAnswer: () => void): boolean {
  const { _callbacks: callbacks, _protocol: protocol } = client as unknown as Internals;
  if (!callbacks || !protocol?.ping) return false;
  callbacks.push(onAnswer); // answers come in the order of the questions
  protocol.ping();
  return true;
}

export function measureRtt(client: Client): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = performance.now();
    if (!ask(client, () => resolve(performance.now() - sent))) reject(new Error('ssh2 has changed: no ping'));
  });
}

/** Calls onDead once when nothing at all came for MISSES_UNTIL_DEAD beats. Returns its own closer. */
export function watchPulse(
  client: Client,
  receivedBytes: () => number,
  onDead: (silentMs: number) => void,
): () => void {
  let seen = receivedBytes();
  let misses = 0;
  const timer = setInterval(() => {
    const now = receivedBytes();
    misses = now === seen ? misses + 1 : 0;
    seen = now;
    if (misses >= MISSES_UNTIL_DEAD) {
      clearInterval(timer);
      onDead(misses * BEAT_MS);
    } else if (misses > 0) ask(client, () => (misses = 0));
  }, BEAT_MS);
  return () => clearInterval(timer);
}
