/** What the figures of a TCP connection say of its life. All are 0 where they are not known. */
export interface ConnectionTimes {
  readonly openedNs: number;
  /** From the first SYN until it was established. */
  readonly connectNs: number;
  /** From the first FIN until it was closed. */
  readonly closingNs: number;
  readonly closedNs: number;
}

/** How long it was established: null where its beginning was not seen, it is still open or never was. */
export function establishedNs({ openedNs, connectNs, closingNs, closedNs }: ConnectionTimes): number | null {
  if (openedNs === 0 || closedNs === 0) return null;
  return Math.max(0, closedNs - closingNs - connectNs - openedNs);
}

export interface ConnectAttempt extends ConnectionTimes {
  readonly isOutgoing: boolean;
  readonly errno: number;
  /** Payload both ways. */
  readonly bytes: number;
  /** Known as soon as the other end has answered. */
  readonly rttNs: number;
  /** When it was first heard of in what these figures are of. */
  readonly firstSeenNs: number;
}

/** It never came about: it has an error, or its process gave it up before there was an answer. */
export function hasFailedToConnect(attempt: ConnectAttempt): boolean {
  const { openedNs, connectNs, closingNs, closedNs, isOutgoing, errno, bytes, rttNs, firstSeenNs } = attempt;
  if (connectNs > 0 || closingNs > 0 || bytes > 0) return false;
  if (errno > 0) return true;
  // Of one that is older than the range nobody knows whether its answer came before.
  return isOutgoing && closedNs > 0 && rttNs === 0 && openedNs > 0 && openedNs >= firstSeenNs;
}
