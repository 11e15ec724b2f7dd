import type { Options } from '../../events-desk.ts';

export type Outcome = 'any' | 'failing' | 'error';

/** What stands in the form, as typed. */
export interface Draft {
  readonly pid: string;
  readonly tid: string;
  /** Path below the cgroup2 mount. */
  readonly cgroup: string;
  /** Names with commas between them; '' = every call. */
  readonly calls: string;
  /** '' = any duration. */
  readonly minMs: string;
  readonly outcome: Outcome;
  /** Name of an error; only asked for where the outcome is one. */
  readonly errno: string;
  readonly waiting: boolean;
  readonly stacks: boolean;
  /** '' = the default, here and below. */
  readonly perSecond: string;
  readonly mapMb: string;
}

/** Every call of 10 ms or longer: what is slow on most boxes, and few enough to read. */
export const FIRST_DRAFT: Draft = {
  pid: '',
  tid: '',
  cgroup: '',
  calls: '',
  minMs: '10',
  outcome: 'any',
  errno: '',
  waiting: false,
  stacks: false,
  perSecond: '',
  mapMb: '',
};

export function slowDraft(from: Draft): Draft {
  return { ...from, calls: '', minMs: FIRST_DRAFT.minMs, outcome: 'any' };
}

export function failingDraft(from: Draft): Draft {
  return { ...from, calls: '', minMs: '', outcome: 'failing' };
}

/** One call, however it ends; of one process where `pid` says which. */
export function callDraft(from: Draft, call: string, pid: number | null): Draft {
  return { ...from, pid: pid === null ? from.pid : String(pid), calls: call, minMs: '', outcome: 'any' };
}

/** What a running probe was started with. */
export function draftOf(options: Options): Draft {
  const errno = options['errno'] ?? '';
  const minUs = options['min-us'];
  const outcome = errno === '' ? 'any' : errno === 'any' ? 'failing' : 'error';
  return {
    pid: options['pid'] ?? '',
    tid: options['tid'] ?? '',
    cgroup: options['cgroup'] ?? '',
    calls: options['calls'] ?? '',
    minMs: minUs === undefined ? FIRST_DRAFT.minMs : Number(minUs) > 0 ? String(Number(minUs) / 1000) : '',
    outcome,
    errno: outcome === 'error' ? errno : '',
    waiting: options['waiting'] === '1',
    stacks: options['stacks'] === '1',
    perSecond: options['per-second'] ?? '',
    mapMb: options['map-mb'] ?? '',
  };
}

/** As the probe takes them, unchecked. What cannot be a duration stays as it was typed, for the check to refuse. */
export function optionsOf(draft: Draft): Options {
  return {
    pid: draft.pid,
    tid: draft.tid,
    cgroup: draft.cgroup,
    calls: draft.calls.replace(/[\s,]+/g, ',').replace(/^,|,$/g, ''),
    'min-us': microseconds(draft.minMs.trim()),
    errno: draft.outcome === 'any' ? '' : draft.outcome === 'failing' ? 'any' : draft.errno.trim().toUpperCase(),
    waiting: draft.waiting ? '1' : '',
    stacks: draft.stacks ? '1' : '',
    'per-second': draft.perSecond,
    'map-mb': draft.mapMb,
  };
}

function microseconds(ms: string): string {
  if (ms === '') return '0';
  return /^\d{1,9}(?:[.,]\d+)?$/.test(ms) ? String(Math.round(Number(ms.replace(',', '.')) * 1000)) : ms;
}
