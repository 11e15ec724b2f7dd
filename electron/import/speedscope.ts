/** speedscope's own files. A profile in one is a thread; values that are time are put into steps of a sample. */
import { notUnderstood } from './limits.ts';
import { type AddSample, type ImportedFacts, type ImportedFrame, NO_FACTS, NO_MODULE } from './profile.ts';

const NS: Readonly<Record<string, number>> = { nanoseconds: 1, microseconds: 1e3, milliseconds: 1e6, seconds: 1e9 };
const NS_PER_SECOND = 1e9;
/** Of profiles whose steps nobody knows. */
const FINEST_HZ = 1000;
const OWNER = /^(.*) \((\d{1,10})\)$/;

type Json = Readonly<Record<string, unknown>>;

interface Weighed {
  /** Places in the frame table, root first. */
  readonly stack: readonly number[];
  readonly weight: number;
  /** Since the start of the profile. */
  readonly at: number;
}

export function readSpeedscope(file: string, value: unknown, add: AddSample): ImportedFacts {
  const { shared, profiles, exporter } = objectOf(value);
  const table = listOf(objectOf(shared)['frames']).map(frameOf);
  const all = listOf(profiles).map(objectOf);
  if (all.length === 0) notUnderstood(file, 'it is no speedscope file, or one without any profiles');
  // Sonde's own has everything in the first, and then once more by thread.
  const isOurs = String(exporter).startsWith('sonde ');
  const hz = rateOf(isOurs ? all.slice(0, 1) : all);
  for (const [at, profile] of (isOurs ? all.slice(0, 1) : all).entries())
    addProfile(profile, { table, hz, number: at + 1, isOurs }, add);
  return { ...NO_FACTS, hz, notes: hz === null ? ['The rate of sampling is not known: 99 Hz are assumed.'] : [] };
}

interface Context {
  readonly table: readonly ImportedFrame[];
  readonly hz: number | null;
  readonly number: number;
  readonly isOurs: boolean;
}

function addProfile(profile: Json, { table, hz, number, isOurs }: Context, add: AddSample): void {
  const unit = NS[String(profile['unit'])];
  const step = unit === undefined ? 1 : NS_PER_SECOND / (hz ?? FINEST_HZ) / unit;
  const name = String(profile['name'] ?? 'profile').slice(0, 64);
  let left = 0;
  for (const { stack, weight, at } of profile['type'] === 'evented' ? spans(profile) : weights(profile)) {
    // What is less than a sample counts with what comes after it, so that the sum is right.
    left += weight / step;
    const samples = Math.round(left);
    left -= samples;
    const frames = stack.flatMap((place) => table[place] ?? []);
    const owner = isOurs ? OWNER.exec(frames[0]?.name ?? '') : null;
    const who = owner ? { process: owner[1] ?? name, id: Number(owner[2]) } : { process: name, id: number };
    add({
      process: who.process,
      pid: who.id,
      thread: who.process,
      tid: who.id,
      container: '',
      cpu: 0,
      frames: withoutOwner(frames, owner !== null),
      samples,
      timeNs: unit === undefined || isOurs ? null : NS_PER_SECOND + at * unit,
    });
  }
}

function withoutOwner(frames: readonly ImportedFrame[], hasOwner: boolean): readonly ImportedFrame[] {
  const rest = hasOwner ? frames.slice(1) : frames;
  return rest.length === 1 && rest[0]?.name === '[no stack]' ? [] : rest;
}

/** The weights of a sampler are whole steps of it. Where they are not, milliseconds are fine enough. */
function rateOf(profiles: readonly Json[]): number | null {
  const units = profiles.map((profile) => NS[String(profile['unit'])]);
  if (units.every((unit) => unit === undefined)) return null;
  let step = Infinity;
  const all = profiles.flatMap((profile, at) =>
    listOf(profile['weights']).map((weight) => numberOf(weight) * (units[at] ?? 0)),
  );
  for (const weight of all) if (weight > 0) step = Math.min(step, weight);
  const isWhole = (weight: number): boolean => Math.abs(weight / step - Math.round(weight / step)) < 0.02;
  const hz = NS_PER_SECOND / step;
  return hz >= 0.5 && hz <= 100_000 && all.every(isWhole) ? Math.max(1, Math.round(hz)) : FINEST_HZ;
}

function* weights(profile: Json): Generator<Weighed, void, void> {
  const of = listOf(profile['weights']);
  let at = 0;
  for (const [index, stack] of listOf(profile['samples']).entries()) {
    const weight = numberOf(of[index]);
    yield { stack: listOf(stack).map(numberOf), weight, at };
    at += weight;
  }
}

/** Between two events the stack is what was opened and not closed. */
function* spans(profile: Json): Generator<Weighed, void, void> {
  const stack: number[] = [];
  const start = numberOf(profile['startValue']);
  let last = start;
  for (const event of listOf(profile['events']).map(objectOf)) {
    const at = Math.max(last, numberOf(event['at']));
    if (stack.length > 0 && at > last) yield { stack: [...stack], weight: at - last, at: last - start };
    last = at;
    if (event['type'] === 'O') stack.push(numberOf(event['frame']));
    else if (event['type'] === 'C') stack.pop();
  }
}

function frameOf(value: unknown): ImportedFrame {
  const { name, file } = objectOf(value);
  const path = typeof file === 'string' ? file : '';
  const module = path === '[kernel]' ? ({ kind: 'kernel', path, buildId: '' } as const) : fileModule(path);
  return { name: typeof name === 'string' && name !== '' ? name : '[unknown]', module, address: 0 };
}

/** Most of them name sources there, not programs; a person wants to see them all the same. */
function fileModule(path: string): ImportedFrame['module'] {
  if (path === '') return NO_MODULE;
  return { kind: /\.so(\.|$)/.test(path) ? 'library' : 'executable', path, buildId: '' };
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}
