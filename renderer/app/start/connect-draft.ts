import type { RecentDevice, Target } from '../../../electron/bridge/contract.ts';
import type { OptionSpec, ProbeManifest } from '../../../remote-agent/protocol/manifest.ts';

/** What stands in the connect form: text as typed, also while it is not yet valid. */
export interface ConnectDraft {
  readonly destination: string;
  readonly keyFiles: readonly string[];
  readonly probe: ProbeManifest;
  /** By option name; '' = the default. */
  readonly options: Readonly<Record<string, string>>;
}

export type DraftCheck =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly destination: string | null; readonly options: Readonly<Record<string, string>> };

/** What was tried before, or nothing. */
export function firstDraft(probe: ProbeManifest, last: Target | null): ConnectDraft {
  if (last?.probe !== probe.id) return { destination: '', keyFiles: [], probe, options: {} };
  return { destination: last.destination, keyFiles: last.identityFiles, probe, options: last.options };
}

/** The target, or what is wrong with each field. */
export function checkDraft(draft: ConnectDraft): DraftCheck {
  const destination = draft.destination.trim();
  const wrongDestination = checkDestination(destination);
  const wrongOptions: Record<string, string> = {};
  const options: Record<string, string> = {};
  for (const spec of draft.probe.options) {
    const value = (draft.options[spec.name] ?? '').trim();
    if (value === '') continue;
    const wrong = checkOption(spec, value);
    if (wrong === null) options[spec.name] = value;
    else wrongOptions[spec.name] = wrong;
  }
  if (wrongDestination !== null || Object.keys(wrongOptions).length > 0) {
    return { ok: false, destination: wrongDestination, options: wrongOptions };
  }
  return {
    ok: true,
    target: { destination, identityFiles: draft.keyFiles, knownHostsFile: null, probe: draft.probe.id, options },
  };
}

/** One click on a device from the list: what was used then, with the probe's defaults. */
export function targetOf(device: RecentDevice, probe: ProbeManifest): Target {
  const { destination, identityFiles } = device;
  return { destination, identityFiles, knownHostsFile: null, probe: probe.id, options: {} };
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
