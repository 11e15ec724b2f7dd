import type { ProbeChoice, RecentDevice, Target } from '../../../electron/bridge/contract.ts';
import type { OptionSpec, ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';
import { PROBES } from '../../../remote-agent/protocol/probes/index.ts';

/** What stands in the connect form: text as typed, also while it is not yet valid. */
export interface ConnectDraft {
  readonly destination: string;
  readonly keyFiles: readonly string[];
  readonly record: boolean;
  /** One for every manifest. */
  readonly probes: readonly ProbeDraft[];
}

export interface ProbeDraft {
  readonly probe: ProbeManifest;
  /** It is to run from the start. */
  readonly wanted: boolean;
  /** By option name; '' = the default. */
  readonly options: Readonly<Record<string, string>>;
}

/** Wrong options by probe and option name. */
export type OptionErrors = Readonly<Record<string, Readonly<Record<string, string>>>>;

export type DraftCheck =
  | { readonly ok: true; readonly target: Target }
  | {
      readonly ok: false;
      readonly destination: string | null;
      readonly probes: string | null;
      readonly options: OptionErrors;
    };

/** What was tried before, or nothing but what is usual. */
export function firstDraft(last: Target | null, usual: readonly ProbeChoice[]): ConnectDraft {
  const probes = probeDrafts(last?.probes ?? usual);
  return {
    destination: last?.destination ?? '',
    keyFiles: last?.identityFiles ?? [],
    record: last?.record ?? true,
    probes,
  };
}

export function probeDrafts(choices: readonly ProbeChoice[]): readonly ProbeDraft[] {
  return PROBES.map((probe) => {
    const choice = choices.find((each) => each.probe === probe.id);
    return { probe, wanted: choice !== undefined, options: choice?.options ?? {} };
  });
}

/** The target, or what is wrong with each field. */
export function checkDraft(draft: ConnectDraft): DraftCheck {
  const destination = draft.destination.trim();
  const wrongDestination = checkDestination(destination);
  const wanted = draft.probes.filter((each) => each.wanted);
  const wrongProbes = wanted.length === 0 ? 'Choose at least one.' : null;
  const checked = wanted.map(({ probe, options }) => ({ probe: probe.id, ...checkOptions(probe, options) }));
  const wrong = checked.filter(({ errors }) => Object.keys(errors).length > 0);
  if (wrongDestination !== null || wrongProbes !== null || wrong.length > 0) {
    const options = Object.fromEntries(wrong.map(({ probe, errors }) => [probe, errors]));
    return { ok: false, destination: wrongDestination, probes: wrongProbes, options };
  }
  const probes = checked.map(({ probe, options }) => ({ probe, options }));
  return {
    ok: true,
    target: {
      destination,
      identityFiles: draft.keyFiles,
      knownHostsFile: null,
      probes,
      ...(draft.record ? {} : { record: false }),
    },
  };
}

/** Options as they are sent, without what was left at its default; and what is wrong with the others, by name. */
export function checkOptions(
  probe: ProbeManifest,
  typed: Readonly<Record<string, string>>,
): { readonly options: Readonly<Record<string, string>>; readonly errors: Readonly<Record<string, string>> } {
  const options: Record<string, string> = {};
  const errors: Record<string, string> = {};
  for (const spec of probe.options) {
    const value = (typed[spec.name] ?? '').trim();
    if (value === '') continue;
    const wrong = checkOption(spec, value);
    if (wrong === null) options[spec.name] = value;
    else errors[spec.name] = wrong;
  }
  return { options, errors };
}

/** One click on a device from the list: what was used then, with what is usually watched. */
export function targetOf({ destination, identityFiles }: RecentDevice, probes: readonly ProbeChoice[]): Target {
  return { destination, identityFiles, knownHostsFile: null, probes };
}

const DESTINATION =
  /^(?:(?<user>[^@\s]+)@)?(?<host>\[[0-9a-fA-F:.]+(?:%[\w.-]+)?\]|[^@:\s[\]/]+)(?::(?<port>\d{1,5}))?$/;

/** null = it may be tried. */
export function checkDestination(destination: string): string | null {
  if (destination === '') return 'Say which device: a host name, an address or a name from ~/.ssh/config.';
  if (destination.startsWith('-')) return 'A host cannot begin with “-”.';
  const parts = DESTINATION.exec(destination)?.groups;
  if (!parts) {
    return /^[^[\]]*:[^[\]]*:/.test(destination)
      ? 'Write an IPv6 address in brackets: [fe80::1]:22.'
      : 'Write it as [user@]host[:port], without spaces.';
  }
  const port = parts['port'] === undefined ? 22 : Number(parts['port']);
  return port >= 1 && port <= 65_535 ? null : 'A port is a number from 1 to 65535.';
}

/** null = allowed by the manifest. */
export function checkOption(spec: OptionSpec, value: string): string | null {
  if (spec.kind === 'text')
    return new RegExp(`^(?:${spec.pattern})$`).test(value) ? null : `Not a valid value. ${spec.help}`;
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= spec.min && number <= spec.max) return null;
  return `Must be a whole number from ${spec.min} to ${spec.max}${spec.unit === undefined ? '' : ` ${spec.unit}`}.`;
}
