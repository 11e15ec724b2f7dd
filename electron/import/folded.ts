/** Folded stacks, a line each, root first: `nginx;main;loop;read_[k] 42`. The first frame is taken for the process. */
import { type AddSample, type ImportedFacts, type ImportedFrame, moduleOf, NO_FACTS, NO_MODULE } from './profile.ts';

const COUNT = /\s(\d{1,16}(?:\.\d{1,9})?)$/;
/** What Sonde's own export says in front. */
const SAMPLED = /^# sampled: (\d+) Hz on (\d+) CPUs for ([\d.]+) s$/;
const DEVICE = /^# device: (.*), (.*), kernel (\S+) \((\S+)\)$/;
const START = /^# start: (\S+) /;
/** No line about the whole is longer. */
const FACT_LENGTH = 1000;
const NS_PER_SECOND = 1e9;
const KERNEL = moduleOf('[kernel]');
const JIT = moduleOf('[jit]');

export function isFolded(line: string): boolean {
  return COUNT.test(line.trimEnd()) && !line.startsWith('#');
}

export class FoldedReader {
  private readonly add: AddSample;
  private readonly pids = new Map<string, number>();
  private facts: ImportedFacts = NO_FACTS;
  private skipped = 0;

  constructor(add: AddSample) {
    this.add = add;
  }

  line(line: string): void {
    if (line.trim() === '') return;
    if (line.startsWith('#')) return this.fact(line);
    const count = COUNT.exec(line.trimEnd());
    const stack = line.slice(0, count?.index ?? 0).trim();
    const samples = Math.round(Number(count?.[1]));
    if (stack === '' || !Number.isSafeInteger(samples)) return void this.skipped++;
    const [process = '', ...frames] = stack.split(';');
    const pid = this.pidOf(process);
    const names = frames.length === 1 && frames[0] === '[no stack]' ? [] : frames;
    this.add({
      process,
      pid,
      thread: process,
      tid: pid,
      container: '',
      cpu: 0,
      frames: names.map(frameOf),
      samples,
      timeNs: null,
    });
  }

  finish(): ImportedFacts {
    const notes = [
      'Folded stacks have no process numbers: those shown here only count.',
      ...(this.facts.hz === null ? ['The rate of sampling is not known: 99 Hz are assumed.'] : []),
      ...(this.skipped > 0 ? [`${this.skipped} lines were no folded stacks.`] : []),
    ];
    return { ...this.facts, notes };
  }

  private pidOf(process: string): number {
    const pid = this.pids.get(process) ?? this.pids.size + 1;
    this.pids.set(process, pid);
    return pid;
  }

  private fact(line: string): void {
    if (line.length > FACT_LENGTH) return;
    const sampled = SAMPLED.exec(line);
    if (sampled)
      this.facts = {
        ...this.facts,
        hz: Number(sampled[1]) || null,
        cpus: Math.min(Number(sampled[2]), 1024) || null,
        durationNs: Math.round(Number(sampled[3]) * NS_PER_SECOND) || null,
      };
    const [, hostname = '', os = '', kernel = '', machine = ''] = DEVICE.exec(line) ?? [];
    if (hostname !== '') this.facts = { ...this.facts, hostname, os, kernel, machine };
    const startMs = Date.parse(START.exec(line)?.[1] ?? '');
    if (startMs > 0) this.facts = { ...this.facts, startMs };
  }
}

function frameOf(word: string): ImportedFrame {
  const [mark, module] = word.endsWith('_[k]') ? [4, KERNEL] : word.endsWith('_[j]') ? [4, JIT] : [0, NO_MODULE];
  const name = mark === 0 ? word : word.slice(0, -mark);
  return { name: name || '[unknown]', module, address: 0 };
}
