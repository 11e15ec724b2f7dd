import { formatNs } from '../../../widgets/format.ts';
import type { Options } from '../../events-desk.ts';

/**
 * What a probe was asked for, in words: "openat of mosquitto (412) that failed and took 10 ms or longer".
 *
 * `optionOf`: as started, else the manifest's default; null where neither says anything. `nameOf`: of a process by pid.
 */
export function filterWords(optionOf: (name: string) => string | null, nameOf: (pid: number) => string): string {
  const calls = optionOf('calls');
  const named = calls === null ? 'calls' : calls.split(',').join(', ');
  const clauses = [outcomeWords(optionOf('errno')), durationWords(Number(optionOf('min-us') ?? 0))].filter(Boolean);
  const that = clauses.length > 0 ? ` that ${clauses.join(' and ')}` : '';
  const waits = calls === null && optionOf('waiting') !== '1' ? ', without those that only wait' : '';
  return `${named}${ownerWords(optionOf, nameOf)}${that}${waits}`;
}

/** The value an option has: given, else its default. */
export function optionReader(
  options: Options,
  specs: readonly { readonly name: string; readonly default: string | number | null }[],
): (name: string) => string | null {
  return (name) => {
    const given = options[name];
    if (given !== undefined && given !== '') return given;
    const standard = specs.find((spec) => spec.name === name)?.default ?? null;
    return standard === null ? null : String(standard);
  };
}

function ownerWords(optionOf: (name: string) => string | null, nameOf: (pid: number) => string): string {
  const [pid, tid, cgroup] = [optionOf('pid'), optionOf('tid'), optionOf('cgroup')];
  const process = pid === null ? '' : ` of ${nameOf(Number(pid))}`;
  const thread = tid === null ? '' : ` of thread ${tid}`;
  return `${process}${thread}${cgroup === null ? '' : ` in ${cgroup}`}`;
}

function outcomeWords(errno: string | null): string {
  if (errno === null) return '';
  return errno === 'any' ? 'failed' : `failed with ${errno}`;
}

function durationWords(us: number): string {
  return us > 0 ? `took ${formatNs(us * 1000).replace(/\.0+(?= )/, '')} or longer` : '';
}
