/** pprof's profile.proto. Samples are counts where it has them; else values put into periods. */
import { Profile, type Sample } from 'pprof-format';
import { notUnderstood } from './limits.ts';
import { type AddSample, type ImportedFacts, type ImportedFrame, moduleOf, NO_FACTS, NO_MODULE } from './profile.ts';

/** Of the message Profile. */
const LAST_FIELD = 15;
const NO_PROFILE = 'it is neither a recording nor a profile that Sonde knows';
const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

export function readPprof(file: string, bytes: Uint8Array, add: AddSample): ImportedFacts {
  const profile = decoded(file, bytes);
  const text = textsOf(profile);
  const measure = measureOf(profile, text);
  if (!measure) return notUnderstood(file, 'it is no pprof profile, or one without any values');
  const frames = framesOf(profile, text);
  const program = lastPart(text(profile.mapping[0]?.filename ?? 0)) || lastPart(file);
  for (const sample of profile.sample) addSample(sample, measure, frames, program, text, add);
  const durationNs = Number(profile.durationNanos);
  const startMs = Number(profile.timeNanos) / NS_PER_MS;
  return {
    ...NO_FACTS,
    hz: measure.hz,
    durationNs: durationNs > 0 && Number.isSafeInteger(durationNs) ? durationNs : null,
    startMs: startMs > 0 && startMs < Number.MAX_SAFE_INTEGER ? startMs : null,
    notes: measure.hz === null ? ['The rate of sampling is not known: 99 Hz are assumed.'] : [],
  };
}

/** Whatever is no other format comes here, so it is asked first whether it may be one at all. */
function decoded(file: string, bytes: Uint8Array): Profile {
  const [first = 0] = bytes;
  const [field, wire] = [first >> 3, first & 7];
  if (field === 0 || field > LAST_FIELD || (wire !== 0 && wire !== 2)) return notUnderstood(file, NO_PROFILE);
  try {
    return Profile.decode(bytes);
  } catch (error) {
    return notUnderstood(file, `${NO_PROFILE} (as pprof: ${error instanceof Error ? error.message : String(error)})`);
  }
}

type Text = (index: number | bigint) => string;

function textsOf({ stringTable }: Profile): Text {
  return (index) => stringTable.strings[Number(index)] ?? '';
}

interface Measure {
  readonly value: number;
  /** Values of one sample. */
  readonly unit: number;
  readonly hz: number | null;
}

function measureOf({ sampleType, periodType, period }: Profile, text: Text): Measure | null {
  const periodNs = text(periodType?.unit ?? 0) === 'nanoseconds' ? Number(period) : 0;
  const hz = periodNs > 0 ? Math.max(1, Math.round(NS_PER_SECOND / periodNs)) : null;
  const counted = sampleType.findIndex(({ unit }) => text(unit) === 'count');
  if (counted >= 0) return { value: counted, unit: 1, hz };
  const timed = sampleType.findIndex(({ unit }) => text(unit) === 'nanoseconds');
  if (timed >= 0) return { value: timed, unit: periodNs || NS_PER_SECOND / 99, hz };
  return sampleType.length > 0 ? { value: sampleType.length - 1, unit: 1, hz } : null;
}

/** Of each location, root first: inlined functions stand on one another. */
function framesOf(profile: Profile, text: Text): ReadonlyMap<number, readonly ImportedFrame[]> {
  const modules = new Map(
    profile.mapping.map(({ id, filename, buildId }) => [Number(id), moduleOf(text(filename), hexOf(text(buildId)))]),
  );
  const names = new Map(
    profile.function.map(({ id, name, systemName }) => [Number(id), text(name) || text(systemName)]),
  );
  return new Map(
    profile.location.map(({ id, mappingId, address, line }) => {
      const module = modules.get(Number(mappingId)) ?? NO_MODULE;
      const at = Number(address) % 2 ** 52;
      const named = line.toReversed().map(({ functionId }) => ({
        name: names.get(Number(functionId)) || '[unknown]',
        module,
        address: at,
      }));
      return [Number(id), named.length > 0 ? named : [{ name: '', module, address: at }]];
    }),
  );
}

function addSample(
  { locationId, value, label }: Sample,
  measure: Measure,
  frames: ReadonlyMap<number, readonly ImportedFrame[]>,
  program: string,
  text: Text,
  add: AddSample,
): void {
  const words = new Map(label.map(({ key, str, num }) => [text(key), text(str) || String(num)]));
  const number = (key: string): number => {
    const id = Number(words.get(key));
    return Number.isSafeInteger(id) && id >= 0 && id <= 0xffff_ffff ? id : 0;
  };
  const process = words.get('process') ?? program;
  add({
    process,
    pid: number('pid'),
    thread: words.get('thread') ?? process,
    tid: number('tid') || number('pid'),
    container: words.get('container') ?? '',
    cpu: 0,
    frames: locationId.toReversed().flatMap((id) => frames.get(Number(id)) ?? []),
    samples: Math.round(Number(value[measure.value] ?? 0) / measure.unit),
    timeNs: null,
  });
}

function hexOf(buildId: string): string {
  return /^([0-9a-f]{2}){1,64}$/.test(buildId) ? buildId : '';
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
