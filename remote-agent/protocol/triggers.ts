/**
 * What makes a recording worth keeping: `cpu>80% for 5s`, `errno:connect:ECONNREFUSED>10/s`. One way to write it for the
 * command line, the window and the agent, which looks once a second. A kind is one entry of the table.
 */
import { raise } from './fault.ts';
import { errnoOf } from './syscalls/index.ts';
import { safeText } from './text.ts';

export type Trigger =
  | { readonly kind: 'cpu'; readonly percent: number; readonly forS: number }
  /** call '' = any of them. */
  | {
      readonly kind: 'errno';
      readonly call: string;
      readonly errno: number;
      readonly name: string;
      readonly perS: number;
    }
  | { readonly kind: 'latency'; readonly call: string; readonly percentile: number; readonly ns: number }
  | { readonly kind: 'loss' }
  | { readonly kind: 'memory'; readonly bytes: number; readonly forS: number }
  /** As the kernel names it: 15 bytes at most. */
  | { readonly kind: 'process'; readonly comm: string }
  | { readonly kind: 'temperature'; readonly celsius: number; readonly forS: number };

interface TriggerKind {
  readonly kind: Trigger['kind'];
  readonly title: string;
  readonly form: string;
  readonly example: string;
  /** A probe it cannot be seen without; null = none. */
  readonly probe: string | null;
  readonly pattern: RegExp;
  /** null: a number is out of range. */
  read(parts: Readonly<Record<string, string | undefined>>): Trigger | null;
}

export const MAX_TRIGGERS = 16;
export const MAX_TRIGGER_TEXT = 120;
const MAX_FOR_S = 3600;
const MAX_COMM_BYTES = 15;
const NS_PER_UNIT: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };
const BYTES_PER_UNIT: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };
const FOR = '(?:\\s+for\\s+(?<forS>\\d+)s)?';
const NUMBER = '(?<number>\\d+(?:\\.\\d+)?)';
const CALL = '(?<call>[a-z0-9_]+|\\*)';

/** Alphabetical. */
export const TRIGGER_KINDS: readonly TriggerKind[] = [
  {
    kind: 'cpu',
    title: 'CPU load, all CPUs together',
    form: 'cpu>PERCENT% [for SECONDSs]',
    example: 'cpu>80% for 5s',
    probe: null,
    pattern: new RegExp(`^cpu\\s*>\\s*${NUMBER}\\s*%${FOR}$`),
    read: ({ number, forS }) =>
      within({ kind: 'cpu', percent: Number(number), forS: secondsOf(forS) }, Number(number), 0, 99),
  },
  {
    kind: 'errno',
    title: 'An error of a system call, per second',
    form: 'errno:CALL:NAME>N/s (CALL * = any)',
    example: 'errno:connect:ECONNREFUSED>10/s',
    probe: 'syscalls',
    pattern: new RegExp(`^errno:${CALL}:(?<name>E[A-Z0-9]+)\\s*>\\s*${NUMBER}/s$`),
    read: ({ call = '', name = '', number }) => {
      const errno = errnoOf(name);
      return errno === null ? null : { kind: 'errno', call: anyCall(call), errno, name, perS: Number(number) };
    },
  },
  {
    kind: 'latency',
    title: 'Latency of a system call, a percentile within a second',
    form: 'latency:CALL:pN>TIME',
    example: 'latency:fsync:p99>50ms',
    probe: 'syscalls',
    pattern: new RegExp(
      `^latency:${CALL}:p(?<percentile>\\d{1,2}(?:\\.\\d+)?|100)\\s*>\\s*${NUMBER}\\s*(?<unit>ns|us|ms|s)$`,
    ),
    read: ({ call = '', percentile, number, unit = 's' }) => ({
      kind: 'latency',
      call: anyCall(call),
      percentile: Number(percentile),
      ns: Number(number) * (NS_PER_UNIT[unit] ?? 1),
    }),
  },
  {
    kind: 'loss',
    title: 'Anything that a probe lost',
    form: 'loss',
    example: 'loss',
    probe: null,
    pattern: /^loss$/,
    read: () => ({ kind: 'loss' }),
  },
  {
    kind: 'memory',
    title: 'Available memory',
    form: 'memory<SIZE [for SECONDSs]',
    example: 'memory<50MB',
    probe: null,
    pattern: new RegExp(`^memory\\s*<\\s*${NUMBER}\\s*(?<unit>[kMG])B${FOR}$`),
    read: ({ number, unit = 'M', forS }) => ({
      kind: 'memory',
      bytes: Number(number) * (BYTES_PER_UNIT[unit] ?? 1),
      forS: secondsOf(forS),
    }),
  },
  {
    kind: 'process',
    title: 'A process starts',
    form: 'process:NAME',
    example: 'process:dpkg',
    probe: null,
    pattern: /^process:(?<name>\S(?:.*\S)?)$/,
    read: ({ name = '' }) =>
      within({ kind: 'process', comm: name }, new TextEncoder().encode(name).length, 1, MAX_COMM_BYTES),
  },
  {
    kind: 'temperature',
    title: 'The hottest thermal zone',
    form: 'temperature>DEGREESC [for SECONDSs]',
    example: 'temperature>80C',
    probe: null,
    pattern: new RegExp(`^temperature\\s*>\\s*${NUMBER}\\s*C${FOR}$`),
    read: ({ number, forS }) =>
      within({ kind: 'temperature', celsius: Number(number), forS: secondsOf(forS) }, Number(number), 0, 200),
  },
];

/** Raises `bad-option` with what would have been understood. */
export function parseTrigger(text: string): Trigger {
  const shown = safeText(text, MAX_TRIGGER_TEXT);
  const words = text.trim();
  const close = TRIGGER_KINDS.find(({ kind }) => words.startsWith(kind));
  for (const { pattern, read } of TRIGGER_KINDS) {
    const found = words.length <= MAX_TRIGGER_TEXT ? pattern.exec(words) : null;
    const trigger = found && read(found.groups ?? {});
    if (trigger && (!('forS' in trigger) || trigger.forS <= MAX_FOR_S)) return trigger;
  }
  return raise(
    'bad-option',
    `cannot understand the trigger “${shown}”`,
    close
      ? `Write ${close.form}, such as ${close.example}.`
      : `Triggers are ${TRIGGER_KINDS.map(({ example }) => example).join(', ')}.`,
  );
}

/** The one way to write it: parseTrigger understands it again. */
export function triggerText(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'cpu':
      return `cpu>${trigger.percent}%${forText(trigger.forS)}`;
    case 'errno':
      return `errno:${trigger.call || '*'}:${trigger.name}>${trigger.perS}/s`;
    case 'latency':
      return `latency:${trigger.call || '*'}:p${trigger.percentile}>${trigger.ns / 1e6}ms`;
    case 'loss':
      return 'loss';
    case 'memory':
      return `memory<${trigger.bytes / 1e6}MB${forText(trigger.forS)}`;
    case 'process':
      return `process:${trigger.comm}`;
    case 'temperature':
      return `temperature>${trigger.celsius}C${forText(trigger.forS)}`;
  }
}

/** The probe without which the trigger never fires; null = it needs none. */
export function probeOfTrigger({ kind }: Trigger): string | null {
  return TRIGGER_KINDS.find((each) => each.kind === kind)?.probe ?? null;
}

function forText(forS: number): string {
  return forS > 1 ? ` for ${forS}s` : '';
}

function secondsOf(text: string | undefined): number {
  return Math.max(1, Number(text ?? 1));
}

function anyCall(call: string): string {
  return call === '*' ? '' : call;
}

function within(trigger: Trigger, value: number, min: number, max: number): Trigger | null {
  return value >= min && value <= max ? trigger : null;
}
