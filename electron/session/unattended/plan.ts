/** What the device is told to record by itself. */
import { randomBytes } from 'node:crypto';
import { unattendedId, type UnattendedPlan } from '../../../remote-agent/protocol/index.ts';

const ID_RANDOM_BYTES = 3;

export type UnattendedWish = Pick<UnattendedPlan, 'probes' | 'forS' | 'maxBytes' | 'triggers' | 'beforeS' | 'afterS'>;

/** `nowMs`: the workstation's clock, ms since 1970. */
export function unattendedPlan(destination: string, wish: UnattendedWish, nowMs: number): UnattendedPlan {
  const id = unattendedId(nowMs, randomBytes(ID_RANDOM_BYTES).toString('hex'));
  return { ...wish, id, destination, workstationMs: nowMs };
}
