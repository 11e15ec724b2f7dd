/** What the device is told to record by itself. */
import { randomBytes } from 'node:crypto';
import type { UnattendedPlan } from '../../../remote-agent/protocol/index.ts';

const ID_RANDOM_BYTES = 3;

export type UnattendedWish = Pick<UnattendedPlan, 'probes' | 'forS' | 'maxBytes' | 'triggers' | 'beforeS' | 'afterS'>;

/** `nowMs`: the workstation's clock, ms since 1970. */
export function unattendedPlan(destination: string, wish: UnattendedWish, nowMs: number): UnattendedPlan {
  return { ...wish, id: idAt(nowMs), destination, workstationMs: nowMs };
}

/** Sorted by time; the rest tells two of one second apart. */
function idAt(nowMs: number): string {
  const [date = '', time = ''] = new Date(nowMs).toISOString().replace(/[-:]/g, '').split(/[T.]/);
  return `${date}-${time}-${randomBytes(ID_RANDOM_BYTES).toString('hex')}`;
}
