/** `sonde diff A B`: what changed between two recordings, or between two parts of one. */
import { raise } from '../../remote-agent/protocol/index.ts';
import type { Normalisation } from '../../remote-agent/protocol/statistics/index.ts';
import {
  collectSide,
  type ComparedSide,
  type Comparison,
  compareSides,
  diffFolded,
  type ProfileFilter,
  writeWhole,
} from '../export/index.ts';
import { type RedactionStage, redactionOf } from '../redact/index.ts';
import { type Arguments, type Command, JSON_OPTION, type Result } from './command.ts';
import { comparisonText } from './diff-text.ts';
import { OK } from './exit-codes.ts';
import { withRecording } from './foreign.ts';
import { FILTER_OPTIONS, filterOf, timesOf } from './export-filter.ts';
import { nearest } from './nearest.ts';
import { ProgressLine } from './progress-line.ts';
import { bytesText } from './quantities.ts';
import { filterBehind, REDACT_OPTIONS, redactionRules } from './redact-stage.ts';
import type { World } from './world.ts';

const NORMALISATIONS = ['samples', 'time', 'total'] as const;
const FORMATS = ['text', 'json', 'folded'] as const;
type Format = (typeof FORMATS)[number];

export const diff: Command = {
  name: 'diff',
  summary: 'Compare two recordings, or two parts of one.',
  words: ['BEFORE', '[AFTER]'],
  options: [
    ...FILTER_OPTIONS,
    { name: 'from-b', value: 'TIME', help: 'As --from, of AFTER. Default: --from and --to mean both sides.' },
    { name: 'to-b', value: 'TIME', help: 'As --to, of AFTER.' },
    {
      name: 'normalise',
      value: NORMALISATIONS.join('|'),
      help: 'What 100 % are: all samples (default), the time of one CPU, or the total of the function that --of names.',
    },
    { name: 'of', value: 'FUNCTION', help: 'With --normalise total: this function is 100 % on both sides.' },
    { name: 'format', short: 'f', value: FORMATS.join('|'), help: 'Default: text.' },
    { name: 'output', short: 'o', value: 'FILE', help: 'Where to write it. Default: stdout.' },
    ...REDACT_OPTIONS,
    JSON_OPTION,
  ],
  details: [
    'AFTER may be left out where --from-b or --to-b name another part of the same file.',
    'folded: a stack and two counts per line, as difffolded.pl writes them: pipe it into flamegraph.pl. With',
    '--normalise the first count is scaled to the second side.',
    'Functions are matched by name and by file name of their module. What keeps the sides from being comparable',
    'comes first.',
    'With --redact, what is the same in both has the same stand-in in both; the names of the files are left out.',
  ],
  async run(given, world) {
    const { by, of, format } = wishes(given);
    const { before, after } = await readSides(given, world);
    const warning = before.warning ?? after.warning;
    const comparison = compareSides(before, after, { by, of });
    if (format === 'folded' && !comparison.profile)
      raise('bad-option', 'cannot compare as folded stacks: one of the sides has no CPU samples');
    const basis = given.has('normalise') ? (comparison.profile?.basis ?? null) : null;
    const text =
      format === 'text'
        ? comparisonText(comparison)
        : format === 'json'
          ? JSON.stringify(comparison, null, 2)
          : diffFolded(before.profile, after.profile, basis).trimEnd();
    return { ...(await result(text, comparison, given.value('output'))), warning };
  },
};

async function result(text: string, comparison: Comparison, output: string | null): Promise<Result> {
  const json = { comparison };
  if (output === null || output === '-') return { exitCode: OK, text, json };
  const bytes = await writeWhole(output, [`${text}\n`], undefined);
  return { exitCode: OK, text: `${output}: ${bytesText(bytes)}`, json: { file: output, bytes, ...json } };
}

interface Wishes {
  readonly by: Normalisation;
  readonly of: string | null;
  readonly format: Format;
}

function wishes(given: Arguments): Wishes {
  const of = given.value('of');
  const by = oneOf(given, 'normalise', NORMALISATIONS) ?? 'samples';
  if ((by === 'total') !== (of !== null))
    raise('config-invalid', 'cannot compare: --normalise total and --of FUNCTION go together');
  return { by, of, format: oneOf(given, 'format', FORMATS) ?? 'text' };
}

/** null = not given. */
function oneOf<T extends string>(given: Arguments, option: string, known: readonly T[]): T | null {
  const wanted = given.value(option);
  if (wanted === null) return null;
  const found = known.find((each) => each === wanted);
  if (found) return found;
  const close = nearest(wanted, known);
  return raise(
    'config-invalid',
    `cannot compare: there is no --${option} ${wanted}`,
    close === null ? `There is ${known.join(', ')}.` : `Did you mean ${close}?`,
  );
}

interface Sides {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
}

function readSides(given: Arguments, world: World): Promise<Sides> {
  const [first = '', second] = given.words;
  if (second === undefined && !hasOwnTimes(given))
    raise(
      'config-invalid',
      'cannot compare: AFTER is missing',
      'Name a second recording, or another part of the same one with --from-b and --to-b.',
    );
  return withRecording(first, (before) =>
    second === undefined
      ? compared({ before, after: before }, given, world)
      : withRecording(second, (after) => compared({ before, after }, given, world)),
  );
}

/** `recordings`: what was named, or what was imported of it. */
async function compared(
  recordings: { readonly before: string; readonly after: string },
  given: Arguments,
  world: World,
): Promise<Sides> {
  const [first = '', second = first] = given.words;
  const progress = new ProgressLine(world);
  const stop = new AbortController();
  const off = world.onInterrupt(() => stop.abort());
  try {
    const stage = await stageOf(given, [recordings.before, recordings.after], stop.signal);
    const read = async (recording: string, name: string, filter: ProfileFilter): Promise<ComparedSide> => {
      const wanted = { filter: stage ? filterBehind(stage, filter) : filter, stop: stop.signal, stage };
      return collectSide(recording, wanted, (part) => progress.show(`reading ${name} ${Math.round(part * 100)} %`));
    };
    const before = await read(recordings.before, first, await filterOf(given, recordings.before));
    const after = await read(recordings.after, second, await filterOfAfter(given, recordings.after));
    // What a file is called says where it is from.
    return stage
      ? { before: { ...before, file: 'before' }, after: { ...after, file: 'after' } }
      : { before: { ...before, file: first }, after: { ...after, file: second } };
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) raise('cancelled', 'the comparison was stopped');
    throw error;
  } finally {
    progress.clear();
    off();
  }
}

async function filterOfAfter(given: Arguments, recording: string): Promise<ProfileFilter> {
  const [from, to] = hasOwnTimes(given) ? ['from-b', 'to-b'] : ['from', 'to'];
  return { ...(await filterOf(given, recording)), ...(await timesOf(given, recording, from, to)) };
}

function hasOwnTimes(given: Arguments): boolean {
  return given.has('from-b') || given.has('to-b');
}

async function stageOf(
  given: Arguments,
  recordings: readonly string[],
  stop: AbortSignal,
): Promise<RedactionStage | null> {
  const rules = redactionRules(given);
  if (rules?.symbols && given.has('of'))
    raise('config-invalid', 'cannot use --of: names of functions are hidden', 'Add --keep symbols.');
  return rules && redactionOf(recordings, rules, { stop });
}
