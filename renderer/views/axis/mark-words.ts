import type { Mark } from '../../../electron/bridge/contract.ts';
import { formatDuration } from '../../widgets/format.ts';
import type { AxisClock } from './clock.ts';

/** "14:02:11" or "14:02:11, 12.4 s". */
export function markTime({ fromNs, toNs }: Mark, clock: AxisClock): string {
  return toNs > fromNs ? `${clock.text(fromNs)}, ${formatDuration((toNs - fromNs) / 1e9)}` : clock.text(fromNs);
}

export const MADE_BY: Readonly<Record<Mark['by'], string>> = {
  user: 'note',
  agent: 'by the agent',
  trigger: 'trigger',
};
