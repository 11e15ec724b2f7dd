/** States of a TCP connection, by the kernel's number (include/net/tcp_states.h), in the words of ss and RFC 9293. */
const TCP_STATES = [
  '',
  'established',
  'syn-sent',
  'syn-received',
  'fin-wait-1',
  'fin-wait-2',
  'time-wait',
  'closed',
  'close-wait',
  'last-ack',
  'listening',
  'closing',
] as const;

export type TcpState = (typeof TCP_STATES)[number];

export const TCP_STATE = {
  none: 0,
  established: 1,
  synSent: 2,
  synReceived: 3,
  finWait1: 4,
  finWait2: 5,
  timeWait: 6,
  closed: 7,
  closeWait: 8,
  lastAck: 9,
  listening: 10,
  closing: 11,
} as const;

/** '' for a flow that has no state, as UDP, and for states that kernels have for themselves. */
export function tcpStateName(state: number): TcpState {
  return TCP_STATES[state] ?? '';
}

/** Every name that tcpStateName() can give, but for ''. */
export const TCP_STATE_NAMES: readonly TcpState[] = TCP_STATES.slice(1);
