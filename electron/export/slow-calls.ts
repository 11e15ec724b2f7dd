/**
 * Single system calls of a recording, each once: a call is in a window for as long as it is in progress, and in a last
 * one when it has returned. No more is kept than what is in progress, so hours need no more memory than a second.
 */
import { findProbe, type ProbeManifest, type Signal, type WindowSignal } from '../../remote-agent/protocol/index.ts';
import type { About } from './about.ts';
import { inRange, isWanted, type ProfileFilter } from './filter.ts';

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

type ColumnName =
  | 'thread'
  | 'call'
  | 'begun'
  | 'finished'
  | 'duration'
  | 'errno'
  | 'result'
  | 'stack'
  | 'args'
  | 'path'
  | 'file';
const COLUMNS = new Map(
  (findProbe(SLOW_CALLS_PROBE) as ProbeManifest).columns.map(({ name }, index) => [name, index]),
) as ReadonlyMap<ColumnName, number>;

/** Takes windows in their order, gives calls when no more will be said of them. */
export class SlowCalls {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private inProgress = new Map<string, SlowCall>();

  /** `about` has heard the definitions in front of each window. */
  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
  }

  /** Those that are over: returned, or in progress no more without a word, because too many returned at once. */
  take(window: WindowSignal): SlowCall[] {
    const before = this.inProgress;
    this.inProgress = new Map();
    const over: SlowCall[] = [];
    for (let row = 0; row < window.rows; row++) {
      const said = this.callOf(window, row);
      const key = `${said.thread} ${said.code} ${said.begunNs}`;
      const call = joined(before.get(key), said);
      before.delete(key);
      if (!isWanted(this.about.tables, call.thread, this.filter)) continue;
      if (call.isFinished) over.push(call);
      else this.inProgress.set(key, call);
    }
    return [...before.values(), ...over].sort((a, b) => a.begunNs - b.begunNs);
  }

  /** Those in progress when the recording, or an agent's run in it, ended. */
  finish(): SlowCall[] {
    const left = [...this.inProgress.values()];
    this.inProgress.clear();
    return left.sort((a, b) => a.begunNs - b.begunNs);
  }

  private callOf({ columns }: WindowSignal, row: number): SlowCall {
    const number = (name: ColumnName): number => Number(columns[COLUMNS.get(name) ?? 0]?.[row] ?? 0);
    const bytes = (name: ColumnName): Uint8Array => columns[COLUMNS.get(name) ?? 0]?.[row] as Uint8Array;
    const { tables } = this.about;
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

export function isSlowWindow(signal: Signal, filter: ProfileFilter): signal is WindowSignal {
  return signal.kind === 'window' && signal.probe === SLOW_CALLS_PROBE && inRange(signal, filter);
}
