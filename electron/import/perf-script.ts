/**
 * What `perf script` prints: a line about each sample, then its stack, leaf first, then an empty line.
 *
 *      nginx 1234/1235 [001]  5141.207391:   10101010 cpu-clock:pppH:
 *              ffffffff81c00b8f native_write_msr+0xf ([kernel.kallsyms])
 *                  55d0c0a81139 main+0x19 (/usr/sbin/nginx)
 */
import { type AddSample, type ImportedFacts, type ImportedFrame, moduleOf, NO_FACTS } from './profile.ts';

/** It stands in every head, and in nothing else. Whoever made a line may have made it to be slow: nothing here backtracks. */
const TIME = /\s(\d{1,20})\.(\d{6,9}):(?=\s|$)/;
const EVENT = /^\s*(?:(\d+)\s+)?(\S+?):(?:\s+(.*))?$/;
const FLAGS = /^[.dXnNhHsS]{4,5}$/;
const IDS = /^(-?\d+)(?:\/(-?\d+))?$/;
/** No line about the whole is longer. */
const FACT_LENGTH = 4096;
const OFFSET = /\+0x[0-9a-f]+$/;
/** `perf script --header` says it all. */
const FACTS: readonly (readonly [RegExp, (text: string) => Partial<ImportedFacts>])[] = [
  [/^# hostname : (\S+)/, (hostname) => ({ hostname })],
  [/^# os release : (\S+)/, (kernel) => ({ kernel })],
  [/^# arch : (\S+)/, (machine) => ({ machine })],
  [/^# cpudesc : (.*\S)/, (cpuModel) => ({ cpuModel })],
  [/^# nrcpus online : (\d+)/, (text) => ({ cpus: Math.min(Number(text), 1024) || null })],
  [/sample_freq \} = (\d+)/, (text) => ({ hz: Number(text) || null })],
];
/** Events whose period is time: it says how often they were taken. */
const CLOCK = /^(cpu|task)-clock/;
const NS_PER_SECOND = 1e9;

export function isPerfScript(line: string): boolean {
  return headOf(line) !== null || /^# (========|captured on|cmdline :|hostname :)/.test(line);
}

interface Head {
  readonly comm: string;
  readonly pid: number;
  readonly tid: number;
  readonly cpu: number;
  readonly timeNs: number;
  readonly event: string;
  /** null = not said. */
  readonly period: number | null;
  /** What stands behind the event: the leaf, where the sample has no stack. */
  readonly rest: string;
}

export class PerfScriptReader {
  private readonly add: AddSample;
  private head: Head | null = null;
  private leafFirst: ImportedFrame[] = [];
  private event: string | null = null;
  private facts: ImportedFacts = NO_FACTS;
  /** The sample is of an event that is left out. */
  private isOther = false;
  private others = 0;
  private skipped = 0;

  constructor(add: AddSample) {
    this.add = add;
  }

  line(line: string): void {
    if (line.startsWith('#')) return this.fact(line);
    if (line.trim() === '') return this.flush();
    const head = headOf(line);
    if (head) return this.begin(head);
    const frame = this.head ? frameOf(line) : null;
    if (frame) this.leafFirst.push(frame);
    else if (!this.isOther) this.skipped++;
  }

  finish(): ImportedFacts {
    this.flush();
    const notes = [
      ...(this.facts.hz === null ? ['The rate of sampling is not known: 99 Hz are assumed.'] : []),
      ...(this.others > 0 ? [`${this.others} samples of other events than ${this.event} are left out.`] : []),
      ...(this.skipped > 0 ? [`${this.skipped} lines could not be understood.`] : []),
    ];
    return { ...this.facts, notes };
  }

  private begin(head: Head): void {
    this.flush();
    const { event, period, rest } = head;
    this.event ??= event;
    this.isOther = event !== this.event;
    if (this.isOther) return void this.others++;
    if (period !== null && CLOCK.test(event) && this.facts.hz === null && period > 1e6)
      this.facts = { ...this.facts, hz: Math.round(NS_PER_SECOND / period) };
    this.head = head;
    const leaf = frameOf(rest);
    if (leaf) this.leafFirst.push(leaf);
  }

  private flush(): void {
    const { head, leafFirst } = this;
    this.head = null;
    this.leafFirst = [];
    this.isOther = false;
    if (!head) return;
    const { comm, pid, tid, cpu, timeNs } = head;
    this.add({
      process: comm,
      pid,
      thread: comm,
      tid,
      container: '',
      cpu,
      frames: leafFirst.toReversed(),
      samples: 1,
      timeNs,
    });
  }

  private fact(line: string): void {
    if (line.length > FACT_LENGTH) return;
    for (const [pattern, told] of FACTS) {
      const text = pattern.exec(line)?.[1];
      if (text) this.facts = { ...this.facts, ...told(text) };
    }
  }
}

function headOf(line: string): Head | null {
  const time = TIME.exec(line);
  if (!time) return null;
  const [whole, seconds = '', part = ''] = time;
  const words = line.slice(0, time.index).trim().split(/\s+/);
  if (FLAGS.test(words.at(-1) ?? '')) words.pop();
  const cpu = /^\[(\d+)\]$/.exec(words.at(-1) ?? '');
  if (cpu) words.pop();
  const ids = IDS.exec(words.pop() ?? '');
  const said = EVENT.exec(line.slice(time.index + whole.length));
  if (!ids || !said || words.length === 0) return null;
  const [first = '', second] = ids.slice(1);
  const [, period, event = '', rest = ''] = said;
  return {
    comm: words.join(' '),
    pid: idOf(first),
    tid: idOf(second ?? first),
    cpu: Math.min(Number(cpu?.[1] ?? 0), 1023),
    timeNs: Number(seconds) * NS_PER_SECOND + Number(part.padEnd(9, '0')),
    event: event.replace(/:[a-zA-Z]*$/, ''),
    period: period === undefined ? null : Number(period),
    rest,
  };
}

/** Address, name, and the file in brackets; names have brackets too. */
function frameOf(line: string): ImportedFrame | null {
  const text = line.trim();
  const address = /^[0-9a-f]+(?=\s)/.exec(text)?.[0];
  const last = text.endsWith(' (deleted))') ? text.length - ' (deleted))'.length : text.length;
  const open = text.lastIndexOf(' (', last - 1);
  if (address === undefined || open < address.length || !text.endsWith(')')) return null;
  const symbol = text.slice(address.length, open).trim();
  const place = text.slice(open + 2, -1);
  const module = moduleOf(place.replace(/ \(deleted\)$/, ''));
  const name = symbol.replace(OFFSET, '');
  if (name !== '[unknown]') return { name, module, address: 0 };
  // The address is one of the process, which nobody can look up without its mappings: the file is all that is known.
  const file = module.path.slice(module.path.lastIndexOf('/') + 1);
  return { name: module.kind === 'kernel' ? '' : `[${file || 'unknown'}]`, module, address: 0 };
}

/** -1 is perf's word for "gone". */
function idOf(text: string): number {
  return Math.min(Math.max(0, Number(text)), 0xffff_ffff);
}
