/** Why an event that was seen is not in the data. Written into recordings: never renamed. */
export const LOSS_CAUSES = {
  'map-full': 'the kernel table of counts was full',
  'stacks-full': 'the kernel table of stacks was full',
  'spool-full': 'the link was slow or cut for longer than the agent could keep detail',
  'tables-full': "the agent's tables of stacks, frames and threads were full",
  'rate-limit': 'more events came in a second than were asked for',
  'worker-killed': 'the drain worker was killed before it had handed on what it read',
} as const;

export type LossCause = keyof typeof LOSS_CAUSES;

export function describeLoss(cause: string): string {
  return Object.hasOwn(LOSS_CAUSES, cause) ? LOSS_CAUSES[cause as LossCause] : cause;
}
