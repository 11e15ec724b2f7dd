/**
 * CPU samples in the course of time, for formats that have it. A window says how often a thread was seen with a stack in
 * about a second, not when: such samples are laid evenly over the window, in the order of the stacks. Where rows carry
 * the slot in which they were taken, they are laid over that.
 */
import {
  LONGEST_SLOTTED_NS,
  raise,
  type Signal,
  slotStartNs,
  type WindowSignal,
} from '../../../remote-agent/protocol/index.ts';
import type { About } from '../about.ts';
import type { Collector } from '../batches.ts';
import { inRange, isWanted, type ProfileFilter } from '../filter.ts';
import { type CollectedProfile, PROFILE_PROBE, ProfileCollector } from '../profile/collect-profile.ts';
import { WindowReader } from '../window-reader.ts';

/** Runs of equal samples. Each is an object or two in whatever reads the file: beyond this no viewer opens it. */
const MOST_RUNS = 3_000_000;
const NS_PER_MS = 1e6;
/** Of the probe's option `slot-ms`. */
const DEFAULT_SLOT_MS = 20;

/** `samples` times seen with the stack, evenly from `fromNs` to `toNs`. */
export interface Run {
  readonly stack: number;
  readonly samples: number;
  readonly fromNs: number;
  readonly toNs: number;
}

export interface TimedProfile extends CollectedProfile {
  /** By thread, in the order of time. */
  readonly runs: ReadonlyMap<number, readonly Run[]>;
}

interface Row {
  readonly stack: number;
  readonly samples: number;
  /** The slot in which it was seen; the window where that is not known. */
  readonly fromNs: number;
  readonly toNs: number;
}

export class TimedCollector implements Collector<TimedProfile> {
  private readonly about: About;
  private readonly filter: ProfileFilter;
  private readonly profile: ProfileCollector;
  private readonly runs = new Map<number, Run[]>();
  private count = 0;
  /** How long a slot is. */
  private slotNs = DEFAULT_SLOT_MS * NS_PER_MS;

  constructor(about: About, filter: ProfileFilter) {
    this.about = about;
    this.filter = filter;
    this.profile = new ProfileCollector(about, filter);
  }

  take(signal: Signal): void {
    this.profile.take(signal);
    if (signal.kind === 'probe' && signal.probe === PROFILE_PROBE && signal.what.kind === 'started')
      this.slotNs = Number(signal.what.options['slot-ms'] ?? DEFAULT_SLOT_MS) * NS_PER_MS;
    if (signal.kind !== 'window' || signal.probe !== PROFILE_PROBE || !inRange(signal, this.filter)) return;
    for (const [thread, rows] of this.rowsOf(signal)) this.lay(thread, rows);
  }

  finish(): TimedProfile {
    return { ...this.profile.finish(), runs: this.joined() };
  }

  /** A thread that runs another program, or was given another name, is another one in the tables; the kernel's is one. */
  private joined(): Map<number, Run[]> {
    const { tables } = this.about;
    const lasts = new Map<string, number>();
    const joined = new Map<number, Run[]>();
    for (const [thread, runs] of [...this.runs].toReversed()) {
      const process = tables.processOf(thread);
      const key = `${process?.pid} ${process?.startNs} ${tables.threads[thread]?.tid}`;
      const same = lasts.get(key) ?? thread;
      lasts.set(key, same);
      joined.set(same, [...runs, ...(joined.get(same) ?? [])]);
    }
    for (const runs of joined.values()) runs.sort((a, b) => a.fromNs - b.fromNs);
    return joined;
  }

  private rowsOf(window: WindowSignal): Map<number, Row[]> {
    const { tables } = this.about;
    const reader = new WindowReader(window);
    const byThread = new Map<number, Row[]>();
    for (let row = 0; row < window.rows; row++) {
      const thread = tables.thread(reader.number('thread', row));
      if (!isWanted(tables, thread, this.filter)) continue;
      const one = {
        stack: tables.stack(reader.number('stack', row)),
        samples: reader.number('samples', row),
        ...this.spanOf(reader.number('slot', row), window),
      };
      const rows = byThread.get(thread);
      if (rows) rows.push(one);
      else byThread.set(thread, [one]);
    }
    return byThread;
  }

  private spanOf(slot: number, { fromNs, toNs }: WindowSignal): Pick<Row, 'fromNs' | 'toNs'> {
    if (slot === 0 || toNs - fromNs > LONGEST_SLOTTED_NS) return { fromNs, toNs };
    const startNs = slotStartNs(slot, fromNs);
    // A file may say anything.
    if (startNs >= toNs || startNs + this.slotNs <= fromNs) return { fromNs, toNs };
    return { fromNs: Math.max(startNs, fromNs), toNs: Math.min(startNs + this.slotNs, toNs) };
  }

  /** What was seen in one slot shares its time. */
  private lay(thread: number, rows: readonly Row[]): void {
    const own = this.runs.get(thread) ?? [];
    this.runs.set(thread, own);
    const sorted = rows.toSorted((a, b) => a.fromNs - b.fromNs || a.stack - b.stack);
    for (let first = 0; first < sorted.length; ) {
      const { fromNs, toNs } = sorted[first] ?? { fromNs: 0, toNs: 0 };
      let end = first;
      while (end < sorted.length && sorted[end]?.fromNs === fromNs) end++;
      const some = sorted.slice(first, end);
      const all = some.reduce((sum, { samples }) => sum + samples, 0);
      let atNs = fromNs;
      for (const { stack, samples } of some) {
        const lastNs = atNs + ((toNs - fromNs) * samples) / all;
        own.push({ stack, samples, fromNs: atNs, toNs: lastNs });
        atNs = lastNs;
      }
      first = end;
    }
    this.count += rows.length;
    if (this.count > MOST_RUNS)
      raise(
        'bad-option',
        `cannot export: more than ${MOST_RUNS.toLocaleString('en-US')} moments, which no viewer opens`,
        'Export a part of it: --from and --to, or a selected range in the window; or one process.',
      );
  }
}
