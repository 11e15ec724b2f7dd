/** Looks into recordings for the library, one after the other, without hurry. */
import { constants, setPriority } from 'node:os';
import { faultOf, findProbe, type Signal } from '../../remote-agent/protocol/index.ts';
import type { AboutRecording } from '../bridge/library.ts';
import { openRecording, type RecordingReader } from '../recording/index.ts';

/** Of a longer one only so much is read: a day's recording would keep the disk busy for nothing but a hint. */
const READ_BYTES = 64 << 20;
const MAX_PROCESSES = 30;
const MAX_MARKS = 20;
const MAX_TEXT = 256;
const PROFILE = 'cpu-profile';

export async function lookAt(
  files: readonly string[],
  told: (file: string, about: AboutRecording) => void,
): Promise<void> {
  setPriority(constants.priority.PRIORITY_LOW);
  for (const file of files) told(file, await look(file));
}

export async function look(file: string): Promise<AboutRecording> {
  let reader: RecordingReader | null = null;
  try {
    reader = await openRecording(file);
    return await aboutOf(reader);
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return { kind: 'unreadable', message: fault.message, hint: fault.hint ?? '' };
  } finally {
    await reader?.close();
  }
}

async function aboutOf(reader: RecordingReader): Promise<AboutRecording> {
  const { hostname, destination, startedMs, seconds, complete, bytes } = reader.info;
  const tally = new Tally();
  for await (const batch of reader.batches()) {
    for (const signal of batch) tally.take(signal);
    if (reader.progress * bytes > READ_BYTES) break;
  }
  const marks = await reader.marks();
  return {
    kind: 'read',
    hostname,
    destination,
    startedMs,
    seconds,
    isComplete: complete,
    probes: [...tally.probes].toSorted(),
    ...tally.processes(),
    lost: tally.lost,
    marks: marks.slice(0, MAX_MARKS).map(({ text }) => text.slice(0, MAX_TEXT)),
  };
}

class Tally {
  readonly probes = new Set<string>();
  lost = 0;
  /** Samples by name. */
  private readonly samples = new Map<string, number>();
  /** Of the current agent run, by id. */
  private names: string[] = [];
  private owners: number[] = [];

  take(signal: Signal): void {
    switch (signal.kind) {
      case 'device':
        this.names = [];
        this.owners = [];
        return;
      case 'definitions':
        for (const { id, comm } of signal.processes) {
          this.names[id] = comm;
          if (!this.samples.has(comm)) this.samples.set(comm, 0);
        }
        for (const { id, process } of signal.threads) this.owners[id] = process;
        return;
      case 'probe':
        if (signal.what.kind === 'started') this.probes.add(signal.probe);
        return;
      case 'window':
        this.probes.add(signal.probe);
        for (const { count } of signal.counters.lost) this.lost += count;
        if (signal.probe === PROFILE) this.count(signal.columns);
        return;
      case 'clock':
      case 'cost':
      case 'note':
    }
  }

  processes(): { processes: string[]; topShare: number | null } {
    const all = [...this.samples].toSorted(([, a], [, b]) => b - a);
    const sum = all.reduce((total, [, count]) => total + count, 0);
    return {
      processes: all.slice(0, MAX_PROCESSES).map(([name]) => name),
      topShare: sum === 0 ? null : (all[0]?.[1] ?? 0) / sum,
    };
  }

  private count(columns: Extract<Signal, { kind: 'window' }>['columns']): void {
    const threads = columns[THREAD] ?? [];
    const samples = columns[SAMPLES] ?? [];
    for (const [row, thread] of threads.entries()) {
      const name = this.names[this.owners[Number(thread)] ?? 0] ?? '';
      if (name !== '') this.samples.set(name, (this.samples.get(name) ?? 0) + Number(samples[row] ?? 0));
    }
  }
}

const columnOf = (wanted: string): number => findProbe(PROFILE)?.columns.findIndex(({ name }) => name === wanted) ?? -1;
const THREAD = columnOf('thread');
const SAMPLES = columnOf('samples');
