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
  const fitting = [...probes].flatMap(waysOf);
  const instead = fitting.length > 0 ? `, for which there is ${fitting.join(' and ')}` : '';
  raise(
    'bad-option',
    `cannot export as ${format}: the recording holds nothing of ${title(wanted)}`,
    `It holds ${[...probes].map(title).join(' and ')}${instead}. What is to be exported must be recorded: choose the probe ${wanted}.`,
  );
}

/** How a probe's windows are exported. */
function waysOf(probe: string): string[] {
  if (probe === PROFILE_PROBE) return EXPORTERS.filter(({ of }) => of === 'profile').map(({ format }) => format);
  const tables = TABLE_KINDS.find((kind) => kind.probe === probe)?.tables ?? [];
  return tables.length === 0 ? [] : [`csv and json with the table ${tables.map(({ name }) => name).join(' or ')}`];
}
