/** Tells a quiet link from a dead one. A cut cable closes nothing: only silence gives it away. */
import type { AgentClient } from '../device/index.ts';
import type { Clock } from './deps.ts';

const PING_EVERY_MS = 2000;
/** A busy single-core box that swaps answers late: 8 s were measured. Making the link again costs it more. */
const SILENT_MS = 15_000;
/** After the workstation slept, a link that really lives answers within this. */
const AFTER_SLEEP_MS = 4000;

/** Calls `onSilent` once. Returns its own closer. */
export function watchLink(agent: AgentClient, clock: Clock, onSilent: (silentMs: number) => void): () => void {
  let heardMs = clock.now();
  let heardBytes = agent.receivedBytes;
  let tickedMs = clock.now();
  let pinging = false;
  let cancel = clock.after(0, tick);

  function tick(): void {
    const now = clock.now();
    const slept = now - tickedMs > SILENT_MS / 2;
    tickedMs = now;
    // After a sleep, what was heard before it proves nothing.
    if (slept) heardMs = now - SILENT_MS + AFTER_SLEEP_MS;
    else if (agent.receivedBytes !== heardBytes) heardMs = now;
    heardBytes = agent.receivedBytes;
    if (now - heardMs >= SILENT_MS) return onSilent(now - heardMs);
    if (!pinging) ping();
    cancel = clock.after(PING_EVERY_MS, tick);
  }

  function ping(): void {
    pinging = true;
    // A ping that fails is the end of the stream, which its owner is told by other means.
    void agent
      .ping()
      .catch(() => undefined)
      .finally(() => {
        pinging = false;
      });
  }

  return () => cancel();
}
