/** A client's wishes for a probe, checked against its manifest, as arguments for the loader. */
import {
  callFacts,
  errnoOf,
  type OptionSpec,
  type ProbeManifest,
  raise,
  syscallCodes,
  tablesOfMachine,
} from '../../protocol/index.ts';

/** Values in effect: what was asked for, else the manifest's default; options that are not set are left out. */
export function effectiveOptions(
  manifest: ProbeManifest,
  asked: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Map(manifest.options.map((spec) => [spec.name, spec]));
  for (const name of Object.keys(asked))
    if (!known.has(name)) refuse(manifest, `there is no option ${name.slice(0, 60)}`);
  const values: Record<string, string> = {};
  for (const spec of manifest.options) {
    const value = asked[spec.name] ?? (spec.default === null ? '' : String(spec.default));
    if (value === '') continue;
    checkValue(manifest, spec, value);
    values[spec.name] = value;
  }
  return values;
}

/** Names become numbers here: programs in the kernel know no others. */
export function optionArguments(
  manifest: ProbeManifest,
  values: Readonly<Record<string, string>>,
  machine: string,
): string[] {
  const tables = tablesOfMachine(machine);
  const given = manifest.options.flatMap((spec) => {
    const value = values[spec.name];
    return value === undefined ? [] : [`--${spec.name}`, numbered(manifest, spec, value, tables)];
  });
  return manifest.usesCallFacts ? [...given, '--facts', callFacts(tables)] : given;
}

function numbered(manifest: ProbeManifest, spec: OptionSpec, value: string, tables: readonly number[]): string {
  if (spec.kind !== 'text' || !spec.names) return value;
  if (spec.names === 'errno') return value === 'any' ? value : String(errnoOf(value) ?? unknownName(manifest, value));
  const codes = value.split(',').flatMap((name) => {
    const found = syscallCodes(name, tables);
    return found.length > 0 ? found : unknownName(manifest, name);
  });
  return codes.join(',');
}

function unknownName(manifest: ProbeManifest, name: string): never {
  raise(
    'bad-option',
    `cannot start ${manifest.id}: this device has no system call or error that is called ${name}`,
    'Names are written as in the manual pages: openat, ENOENT. Some differ between processors.',
  );
}

function checkValue(manifest: ProbeManifest, spec: OptionSpec, value: string): void {
  if (spec.kind === 'integer') {
    const isInside = /^\d{1,15}$/.test(value) && Number(value) >= spec.min && Number(value) <= spec.max;
    if (!isInside)
      refuse(
        manifest,
        `${spec.label} must be a whole number from ${spec.min} to ${spec.max}, not ${value.slice(0, 60)}`,
      );
    return;
  }
  const pattern = new RegExp(`^(?:${spec.pattern})$`, 's');
  if (value.includes('\0') || !pattern.test(value)) refuse(manifest, `${spec.label} cannot be ${value.slice(0, 60)}`);
}

function refuse(manifest: ProbeManifest, why: string): never {
  raise('bad-option', `cannot start ${manifest.id}: ${why}`, 'The options of the probe say what they accept.');
}
