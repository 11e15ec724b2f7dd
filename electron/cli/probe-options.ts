/** A probe's own options, straight from its manifest. */
import { findProbe, type OptionSpec, type ProbeManifest, PROBES, raise } from '../../remote-agent/protocol/index.ts';
import type { ProbeChoice } from '../bridge/contract.ts';
import type { Arguments, OptionHelp } from './command.ts';
import { nearest } from './nearest.ts';

export const DEFAULT_PROBE = 'cpu-profile';
const IDS = PROBES.map(({ id }) => id);

/** Of all probes, each name once. */
export const PROBE_OPTIONS: readonly OptionHelp[] = [
  ...new Set(PROBES.flatMap(({ options }) => options.map(({ name }) => name))),
].map(helpOf);

export const PROBE_OPTION: OptionHelp = {
  name: 'probe',
  value: 'PROBE',
  multiple: true,
  help: `What to watch: ${IDS.join(', ')}. May be repeated, or several with commas. Default: ${DEFAULT_PROBE}.`,
};

/** In the order they were given, each once. */
export function probesOf(given: Arguments): ProbeManifest[] {
  const wanted = given.values('probe').flatMap((text) => text.split(','));
  return [...new Set(wanted.length === 0 ? [DEFAULT_PROBE] : wanted)].map(probeCalled);
}

export function probeCalled(id: string): ProbeManifest {
  const probe = findProbe(id);
  if (probe) return probe;
  const close = nearest(id, IDS);
  return raise(
    'probe-unknown',
    `there is no probe ${id}`,
    close === null ? `The probes are ${IDS.join(', ')}.` : `Did you mean ${close}?`,
  );
}

/** An option goes to every probe that has it. Only what was given; checked before anything goes to the device. */
export function probeChoices(given: Arguments, probes: readonly ProbeManifest[], command: string): ProbeChoice[] {
  const options = new Map(probes.map(({ id }) => [id, {} as Record<string, string>]));
  for (const { name } of PROBE_OPTIONS) {
    const value = given.value(name);
    if (value === null) continue;
    const having = probes.flatMap((probe) =>
      probe.options.filter((each) => each.name === name).map((option) => ({ probe, option })),
    );
    if (having.length === 0) noSuchOption(name, probes, command);
    for (const { probe, option } of having) {
      checkValue(option, value);
      Object.assign(options.get(probe.id) ?? {}, { [name]: value });
    }
  }
  return [...options].map(([probe, chosen]) => ({ probe, options: chosen }));
}

function noSuchOption(name: string, probes: readonly ProbeManifest[], command: string): never {
  const others = PROBES.filter(({ options }) => options.some((each) => each.name === name)).map(({ id }) => id);
  const of =
    probes.length === 1 ? `the probe ${probes[0]?.id} has` : `the probes ${probes.map(({ id }) => id).join(', ')} have`;
  return raise(
    'bad-option',
    `${of} no option --${name}`,
    `It belongs to ${others.join(', ')}. See sonde help ${command}.`,
  );
}

/** What was filtered for, as it was typed; '' = nothing. */
export function filterText(given: Arguments): string {
  const filters = FILTERS.flatMap((name) => (given.value(name) === null ? [] : [`--${name} ${given.value(name)}`]));
  return filters.join(' ');
}

const FILTERS = ['pid', 'tid', 'cpu', 'cgroup', 'port'];

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

/** What probes say in other words of an option of one name is said one after the other. */
function helpOf(name: string): OptionHelp {
  const ids = new Map<string, string[]>();
  const values = new Set<string>();
  for (const { id, options } of PROBES)
    for (const option of options.filter((each) => each.name === name)) {
      values.add(placeholder(option));
      const text = textOf(option);
      ids.set(text, [...(ids.get(text) ?? []), id]);
    }
  const [value = ''] = values;
  return { name, value: values.size === 1 ? value : 'N', help: [...ids].map(withProbes).join(' ') };
}

function placeholder(option: OptionSpec): string {
  return option.kind === 'integer' ? (option.unit ?? 'N').toUpperCase() : option.name.toUpperCase();
}

function textOf(option: OptionSpec): string {
  const range = option.kind === 'integer' ? ` ${option.min}–${option.max}.` : '';
  return option.default === null ? option.help + range : `${option.help}${range} Default: ${option.default}.`;
}

function withProbes([text, ids]: readonly [string, readonly string[]]): string {
  return ids.length === PROBES.length ? text : `${text} Only ${ids.join(', ')}.`;
}
