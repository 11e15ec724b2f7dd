/** A probe's own options, straight from its manifest. */
import { findProbe, type OptionSpec, type ProbeManifest, PROBES, raise } from '../../remote-agent/protocol/index.ts';
import type { Arguments, OptionHelp } from './command.ts';
import { nearest } from './nearest.ts';

export const DEFAULT_PROBE = 'cpu-profile';

/** Of all probes, each name once. */
export const PROBE_OPTIONS: readonly OptionHelp[] = uniqueByName(PROBES.flatMap(({ options }) => options)).map(
  (option) => ({
    name: option.name,
    value: placeholder(option),
    help: helpOf(option),
  }),
);

export function probeOf(given: Arguments): ProbeManifest {
  const wanted = given.value('probe') ?? DEFAULT_PROBE;
  const probe = findProbe(wanted);
  if (probe) return probe;
  const ids = PROBES.map(({ id }) => id);
  const close = nearest(wanted, ids);
  return raise(
    'probe-unknown',
    `there is no probe ${wanted}`,
    close === null ? `The probes are ${ids.join(', ')}.` : `Did you mean ${close}?`,
  );
}

/** Only what was given; checked before anything goes to the device. */
export function probeOptions(given: Arguments, probe: ProbeManifest): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const { name } of PROBE_OPTIONS) {
    const value = given.value(name);
    if (value === null) continue;
    const option =
      probe.options.find((each) => each.name === name) ??
      raise('bad-option', `the probe ${probe.id} has no option --${name}`, `See sonde help record.`);
    checkValue(option, value);
    chosen[name] = value;
  }
  return chosen;
}

function checkValue(option: OptionSpec, value: string): void {
  const isGood =
    option.kind === 'integer'
      ? /^\d{1,15}$/.test(value) && Number(value) >= option.min && Number(value) <= option.max
      : new RegExp(`^(?:${option.pattern})$`, 's').test(value);
  if (isGood) return;
  const wants =
    option.kind === 'integer' ? `It must be a whole number from ${option.min} to ${option.max}.` : option.help;
  raise('bad-option', `cannot use --${option.name} ${value.slice(0, 60)}`, wants);
}

function placeholder(option: OptionSpec): string {
  return option.kind === 'integer' ? (option.unit ?? 'N').toUpperCase() : option.name.toUpperCase();
}

function helpOf(option: OptionSpec): string {
  const range = option.kind === 'integer' ? ` ${option.min}–${option.max}.` : '';
  return option.default === null ? option.help + range : `${option.help}${range} Default: ${option.default}.`;
}

function uniqueByName(options: readonly OptionSpec[]): OptionSpec[] {
  return [...new Map(options.map((option) => [option.name, option])).values()];
}
