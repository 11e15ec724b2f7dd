/** Profiles and exports without a file. */
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import {
  type CollectedProfile,
  type CollectedRecording,
  collectRecording,
  EVERYTHING,
  type ExportRequest,
  exportRecording,
  EXPORTERS,
  type ProfileFilter,
} from '../../../electron/export/index.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';
import { type SignalOptions, type SampledStack, signalsFromStacks } from '../../fixtures/signals.ts';

export async function* batchesOf(signals: readonly Signal[]): AsyncGenerator<readonly Signal[]> {
  yield signals;
}

export function recordingOf(
  signals: readonly Signal[],
  filter: Partial<ProfileFilter> = {},
): Promise<CollectedRecording> {
  return collectRecording(batchesOf(signals), { filter: { ...EVERYTHING, ...filter } });
}

export async function profileOf(
  signals: readonly Signal[],
  filter: Partial<ProfileFilter> = {},
): Promise<CollectedProfile> {
  return (await recordingOf(signals, filter)).profile;
}

export async function profileOfStacks(
  stacks: string | readonly SampledStack[],
  options: SignalOptions = {},
): Promise<CollectedProfile> {
  return profileOf(signalsFromStacks(stacks, options));
}

export function exported(format: string, profile: CollectedProfile): Buffer {
  const exporter = EXPORTERS.find((one) => one.format === format);
  if (exporter?.of !== 'profile') throw new Error(`no exporter ${format} of profiles`);
  return Buffer.concat([...exporter.pieces(profile)].map((piece) => Buffer.from(piece)));
}

/** By way of a recording on disk, as everybody does it. */
export async function exportedTable(
  format: 'csv' | 'json',
  signals: readonly Signal[],
  options: Partial<Pick<ExportRequest, 'table' | 'perWindow' | 'includeOwn'>> & {
    readonly filter?: Partial<ProfileFilter>;
  } = {},
): Promise<string> {
  const recording = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(recording, signals);
  let text = '';
  await exportRecording({
    ...options,
    recording,
    format,
    file: async (piece) => void (text += String(piece)),
    filter: { ...EVERYTHING, ...options.filter },
  });
  return text;
}

/** Stack lines without the facts, as flamegraph.pl takes them. */
export function foldedStacks(profile: CollectedProfile): string[] {
  return exported('folded', profile)
    .toString()
    .split('\n')
    .filter((line) => /^.*\s+?\d+(?:\.\d*)?$/.test(line));
}

export interface SpeedscopeFile {
  readonly shared: { readonly frames: readonly { readonly name: string; readonly file?: string }[] };
  readonly profiles: readonly {
    readonly name: string;
    readonly samples: readonly (readonly number[])[];
    readonly weights: readonly number[];
    readonly endValue: number;
  }[];
}

export function speedscopeFile(profile: CollectedProfile): SpeedscopeFile {
  return JSON.parse(exported('speedscope', profile).toString()) as SpeedscopeFile;
}

/** One profile of a speedscope file as folded lines. */
export function speedscopeStacks({ shared, profiles }: SpeedscopeFile, index: number): string[] {
  const { samples = [], weights = [] } = profiles[index] ?? {};
  return samples
    .map((stack, i) => `${stack.map((frame) => shared.frames[frame]?.name).join(';')} ${weights[i]}`)
    .toSorted();
}

export function pprofFile(profile: CollectedProfile): Profile {
  return Profile.decode(gunzipSync(exported('pprof', profile)));
}

/** Samples of a pprof file as folded lines: functions root first, then the sample count. */
export function pprofStacks(profile: Profile): string[] {
  const text = (index: number | bigint): string => profile.stringTable.strings[Number(index)] ?? '?';
  return profile.sample
    .map((sample) => {
      const names = sample.locationId.map((id) => {
        const location = profile.location[Number(id) - 1];
        const line = location?.line[0];
        return line
          ? text(profile.function[Number(line.functionId) - 1]?.name ?? 0)
          : `0x${Number(location?.address).toString(16)}`;
      });
      return `${names.toReversed().join(';')} ${sample.value[0]}`;
    })
    .toSorted();
}
