/**
 * Single system calls of a recording, each once: a call is in a window for as long as it is in progress, and in a last
 * one when it has returned. No more is kept than what is in progress, so hours need no more memory than a second.
 */
import type { Signal, WindowSignal } from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import { Coverage } from '../coverage.ts';
import { isWanted, type ProfileFilter } from '../filter.ts';
import type { RowStream } from '../rows/sources.ts';
import { WindowReader } from '../window-reader.ts';

export const SLOW_CALLS_PROBE = 'slow-syscalls';

export interface SlowCall {
  /** Ids in the recording's tables; stack 0 = none. */
  readonly thread: number;
  readonly stack: number;
  readonly code: number;
  readonly begunNs: number;
  /** So far, where it has not returned. */
  readonly durationNs: number;
  readonly isFinished: boolean;
  readonly errno: number;
  readonly result: Uint8Array;
  readonly args: Uint8Array;
  readonly path: Uint8Array;
  readonly file: Uint8Array;
}

/** Takes windows in their order, gives calls when no more will be said of them. */
export class SlowCalls implements RowStream<SlowCall> {
  readonly coverage: Coverage;
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private inProgress = new Map<string, SlowCall>();

  /** `about` has heard the definitions in front of each window. */
  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
    this.coverage = new Coverage(SLOW_CALLS_PROBE, filter);
  }

  /** Those that are over: returned, or in progress no more without a word, because too many returned at once. */
  take(signal: Signal): SlowCall[] {
    const before = signal.kind === 'device' ? this.finish() : [];
    return this.coverage.take(signal) ? this.window(signal) : before;
  }

  /** Those in progress when the recording, or an agent's run in it, ended. */
  finish(): SlowCall[] {
    const left = [...this.inProgress.values()];
    this.inProgress.clear();
    return left.sort((a, b) => a.begunNs - b.begunNs);
  }

  private window(window: WindowSignal): SlowCall[] {
    const reader = new WindowReader(window);
    const before = this.inProgress;
    this.inProgress = new Map();
    const over: SlowCall[] = [];
    for (let row = 0; row < window.rows; row++) {
      const said = callOf(reader, row, this.about);
      // The kernel's thread: the agent may have learned meanwhile that it is of another process, which is another id.
      const key = `${this.about.tables.threads[said.thread]?.tid ?? 0} ${said.code} ${said.begunNs}`;
      const call = joined(before.get(key), said);
      before.delete(key);
      if (!isWanted(this.about.tables, call.thread, this.filter)) continue;
      if (call.isFinished) over.push(call);
      else this.inProgress.set(key, call);
    }
    return [...before.values(), ...over].sort((a, b) => a.begunNs - b.begunNs);
  }
}

function callOf(reader: WindowReader, row: number, { tables }: About): SlowCall {
  const number = (column: string): number => reader.number(column, row);
  const bytes = (column: string): Uint8Array => reader.bytes(column, row);
  return {
    thread: tables.thread(number('thread')),
    stack: tables.stack(number('stack')),
    code: number('call'),
    begunNs: number('begun'),
    durationNs: number('duration'),
    isFinished: number('finished') > 0,
    errno: number('errno'),
    result: bytes('result'),
    args: bytes('args'),
    path: bytes('path'),
    file: bytes('file'),
  };
}

/** What was known while it was in progress may not be any more when it returned: execve has other registers then. */
function joined(before: SlowCall | undefined, call: SlowCall): SlowCall {
  if (!before) return call;
  const either = (a: Uint8Array, b: Uint8Array): Uint8Array => (a.length > 0 ? a : b);
  return {
    ...call,
    args: either(call.args, before.args),
    path: either(call.path, before.path),
    file: either(call.file, before.file),
  };
}
