/** What a recording holds, looked up before anything is written. */
import { findProbe, raise } from '../../remote-agent/protocol/index.ts';
import type { ExportFormat, ExportTable } from '../bridge/contract.ts';
import { type Batches, signalsOf } from './batches.ts';
import { EXPORTERS } from './exporters.ts';
import { PROFILE_PROBE } from './profile/collect-profile.ts';
import { TABLE_KINDS } from './rows/kinds.ts';

/** Ids of the probes that have windows, in whatever range; all of them, or those up to the first window of `enough`. */
async function heldProbes(batches: Batches, enough: string, stop: AbortSignal | undefined): Promise<Set<string>> {
  const probes = new Set<string>();
  for await (const signal of signalsOf(batches, stop)) {
    if (signal.kind !== 'window') continue;
    probes.add(signal.probe);
    if (signal.probe === enough) break;
  }
  return probes;
}

/** The first that the recording has anything of. */
export async function usualTable(batches: Batches, stop: AbortSignal | undefined): Promise<ExportTable> {
  const [first] = TABLE_KINDS;
  const probes = await heldProbes(batches, first?.probe ?? '', stop);
  const kind = TABLE_KINDS.find(({ probe }) => probes.has(probe)) ?? first;
  return kind?.tables[0]?.name ?? 'calls';
}

/** A recording of something else must not become an empty file. One without any windows is merely short. */
export async function checkHolds(
  batches: Batches,
  wanted: string,
  format: ExportFormat,
  stop: AbortSignal | undefined,
): Promise<void> {
  const probes = await heldProbes(batches, wanted, stop);
  if (probes.has(wanted) || probes.size === 0) return;
  const title = (probe: string): string => findProbe(probe)?.title ?? probe;
  const fitting = waysOf(probes);
  const instead = fitting.length > 0 ? `, for which there is ${fitting.join('; ')}` : '';
  raise(
    'bad-option',
    `cannot export as ${format}: the recording holds nothing of ${title(wanted)}`,
    `It holds ${[...probes].map(title).join(' and ')}${instead}. What is to be exported must be recorded: choose the probe ${wanted}.`,
  );
}

const PROFILE_FORMATS = EXPORTERS.filter(
  (exporter) => exporter.of === 'profile' || (exporter.of === 'recording' && exporter.needs === PROFILE_PROBE),
).map(({ format }) => format);

const TABLE_FORMATS = EXPORTERS.filter(({ of }) => of === 'tables').map(({ format }) => format);

/** How the probes' windows are exported. */
function waysOf(probes: ReadonlySet<string>): string[] {
  const kinds = TABLE_KINDS.filter(({ probe }) => probes.has(probe));
  const tables = kinds.flatMap((kind) => kind.tables.map(({ name }) => name));
  return [
    ...(probes.has(PROFILE_PROBE) ? [PROFILE_FORMATS.join(', ')] : []),
    ...(tables.length > 0 ? [`${TABLE_FORMATS.join(', ')} with the table ${tables.join(' or ')}`] : []),
  ];
}
