import { type CallEvent, callText } from '../../../derive/events/index.ts';
import { processName, processOf, stackLines, threadName } from '../../../derive/index.ts';
import type { Tables } from '../../../store/index.ts';
import { formatDeviceInstant, formatNs } from '../../../widgets/format.ts';
import { wholeOutcome } from './result-text.ts';

/**
 * A call as it is copied, in the words of strace:
 *
 *     14:02:11.482 mosquitto (412), mosquitto (thread 412)
 *     connect(7<socket:[20113]>, 0x7ffd10, 16) = -1 ECONNREFUSED (Connection refused) <14.2 ms>
 *     #0 __connect (libc.so.6)
 */
export function eventText(event: CallEvent, tables: Tables, wallOffsetMs: number | null): string {
  const who = [processName(tables, processOf(tables, event.thread)), threadName(tables, event.thread)].join(', ');
  const began = formatDeviceInstant(event.begunNs, wallOffsetMs);
  const took = `${event.returned ? '' : '> '}${formatNs(event.durationNs)}`;
  const stack = stackLines(tables, event.stack).map(
    ({ name, module }, depth) => `#${depth} ${name}${module === '' ? '' : ` (${module})`}`,
  );
  return [`${began} ${who}`, `${callText(event)} = ${wholeOutcome(event)} <${took}>`, ...stack].join('\n');
}
