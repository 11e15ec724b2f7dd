/** Pauses before attempts to reconnect: quick at first (Wi-Fi hops), then rare enough not to disturb a busy device. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000] as const;
const LAST_PAUSE_MS = 10_000;

/** `attempts` made so far. */
export function backoffMs(attempts: number): number {
  return PAUSES_MS[attempts] ?? LAST_PAUSE_MS;
}
