/** speedscope's own format (https://www.speedscope.app/file-format-schema.json): everything, then each thread. */
import { SONDE_VERSION } from '../../../remote-agent/protocol/index.ts';
import type { CollectedProfile, Entry } from './collect-profile.ts';
import type { ProfileExporter } from '../exporters.ts';
import { factLines } from './facts.ts';
import { FunctionIndex } from './function-index.ts';

/** speedscope lists profiles in a menu: more than these nobody looks through. */
const MAX_THREADS = 200;
/** Stacks per piece. */
const BATCH = 500;

export const speedscope: ProfileExporter = {
  of: 'profile',
  format: 'speedscope',
  title: 'speedscope',
  extension: '.speedscope.json',
  pieces,
};

interface Part {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Shows the process as the root of each stack. */
  readonly withProcess: boolean;
}

function* pieces(profile: CollectedProfile): Generator<string, void, void> {
  const functions = new FunctionIndex(profile.tables);
  const parts = [everything(profile), ...threads(profile)];
  // Frames stand in front of the stacks that use them: a first round gives each its number.
  for (const entry of profile.entries) stackOf(profile, functions, entry, true);
  const head = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: `sonde ${SONDE_VERSION}`,
    name: nameOf(profile),
    activeProfileIndex: 0,
    /** Not part of the format; speedscope passes over it. */
    sonde: factLines(profile),
    shared: { frames: functions.all.map(({ name, file }) => (file === '' ? { name } : { name, file })) },
  };
  yield `${JSON.stringify(head).slice(0, -1)},"profiles":[`;
  for (const [i, part] of parts.entries())
    yield* profilePieces(part, (entry) => stackOf(profile, functions, entry, part.withProcess), i === 0 ? '' : ',');
  yield ']}\n';
}

function* profilePieces(
  part: Part,
  stack: (entry: Entry) => number[],
  separator: string,
): Generator<string, void, void> {
  const { entries } = part;
  const weights = entries.map(({ cpuNs }) => Math.round(cpuNs));
  const endValue = weights.reduce((sum, weight) => sum + weight, 0);
  const head = { type: 'sampled', name: part.name, unit: 'nanoseconds', startValue: 0, endValue };
  yield `${separator}${JSON.stringify(head).slice(0, -1)},"samples":[`;
  for (let at = 0; at < entries.length; at += BATCH) {
    yield (at === 0 ? '' : ',') +
      entries
        .slice(at, at + BATCH)
        .map((entry) => JSON.stringify(stack(entry)))
        .join(',');
  }
  yield `],"weights":${JSON.stringify(weights)}}`;
}

function everything(profile: CollectedProfile): Part {
  return { name: 'all processes', entries: profile.entries, withProcess: true };
}

/** Largest first: among hundreds of threads the busy ones must be found. */
function threads({ entries, tables }: CollectedProfile): Part[] {
  const byThread = new Map<number, Entry[]>();
  for (const entry of entries) {
    const own = byThread.get(entry.thread);
    if (own) own.push(entry);
    else byThread.set(entry.thread, [entry]);
  }
  const weight = (own: readonly Entry[]): number => own.reduce((sum, entry) => sum + entry.cpuNs, 0);
  return [...byThread]
    .toSorted(([, a], [, b]) => weight(b) - weight(a))
    .slice(0, MAX_THREADS)
    .map(([id, own]) => {
      const thread = tables.threads[id];
      const process = tables.processOf(id);
      return {
        name: `${process?.comm ?? '?'} (${process?.pid ?? '?'}) / ${thread?.comm ?? '?'} (${thread?.tid ?? '?'})`,
        entries: own,
        withProcess: false,
      };
    });
}

/** Function numbers, root first. */
function stackOf({ tables }: CollectedProfile, functions: FunctionIndex, entry: Entry, withProcess: boolean): number[] {
  const stack = tables
    .leafToRoot(entry.stack)
    .toReversed()
    .map((frame) => functions.ofFrame(frame));
  if (stack.length === 0) stack.push(functions.named('[no stack]'));
  if (!withProcess) return stack;
  const process = tables.processOf(entry.thread);
  return [functions.named(`${process?.comm ?? '?'} (${process?.pid ?? '?'})`), ...stack];
}

function nameOf({ device, realtimeMs }: CollectedProfile): string {
  const when = realtimeMs === null ? '' : ` ${new Date(realtimeMs).toISOString().slice(0, 19).replace('T', ' ')}`;
  return `${device?.hostname || 'recording'}${when}`;
}
