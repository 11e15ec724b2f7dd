import { TEXT } from '../../../remote-agent/protocol/limits.ts';
import { deviceText } from '../../../remote-agent/protocol/text.ts';
import type { MonotonicNs } from '../../../remote-agent/protocol/signal.ts';
import type { EventColumns } from './event-columns.ts';
import { endOf } from './event-list.ts';

/** One call, as far as it is known. */
export interface CallEvent {
  /** Ids of the tables; stack 0 = none. */
  readonly thread: number;
  readonly stack: number;
  /** Code of protocol/syscalls. */
  readonly call: number;
  readonly begunNs: MonotonicNs;
  /** When it returned, or was seen last. */
  readonly endNs: MonotonicNs;
  readonly durationNs: number;
  readonly returned: boolean;
  /** 0 = none. */
  readonly errno: number;
  /** As protocol/syscalls reads them. */
  readonly result: Uint8Array;
  readonly args: Uint8Array;
  /** '' = it has none, or it is not known. */
  readonly path: string;
  readonly file: string;
}

export function callEvent(columns: EventColumns, row: number): CallEvent {
  const blob = (column: EventColumns['path']) => columns.blobs[column[row]!]!;
  return {
    thread: columns.thread[row]!,
    stack: columns.stack[row]!,
    call: columns.call[row]!,
    begunNs: columns.begunNs[row]!,
    endNs: endOf(columns, row),
    durationNs: columns.durationNs[row]!,
    returned: columns.finished[row]! > 0,
    errno: columns.errno[row]!,
    result: blob(columns.result),
    args: blob(columns.args),
    path: deviceText(blob(columns.path), TEXT.path),
    file: deviceText(blob(columns.file), TEXT.path),
  };
}
