import { errnoMeaning, errnoName, resultText } from '../../../../remote-agent/protocol/syscalls/index.ts';
import type { CallEvent } from '../../../derive/events/index.ts';

/** "42", "ECONNREFUSED"; '' where no return was seen. */
export function outcomeText({ returned, errno, result }: CallEvent): string {
  if (!returned) return '';
  return errno === 0 ? resultText(result) : errnoName(errno);
}

/** "42", "-1 ECONNREFUSED (Connection refused)"; as strace writes it. */
export function wholeOutcome(event: CallEvent): string {
  if (!event.returned) return '?';
  if (event.errno === 0) return resultText(event.result);
  const meaning = errnoMeaning(event.errno);
  return `-1 ${errnoName(event.errno)}${meaning === '' ? '' : ` (${meaning})`}`;
}
