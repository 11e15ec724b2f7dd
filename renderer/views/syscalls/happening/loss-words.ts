import { describeLoss } from '../../../../remote-agent/protocol/loss.ts';
import type { Coverage } from '../../../derive/index.ts';
import { formatCount } from '../../../widgets/format.ts';

/** "1 240 matching calls were not kept: more than 200 a second"; one sentence per cause. */
export function lossWords(lost: Coverage['lostByCause'], perSecond: string | null): string[] {
  return lost.map(({ cause, count }) => {
    const why =
      cause === 'rate-limit' && perSecond !== null
        ? `more than ${formatCount(Number(perSecond))} a second`
        : describeLoss(cause);
    return `${formatCount(count)} matching ${count === 1 ? 'call was' : 'calls were'} not kept: ${why}`;
  });
}
