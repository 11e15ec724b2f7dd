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
import { type Arguments, type Command, JSON_OPTION, type Result } from './command.ts';
import { comparisonText } from './diff-text.ts';
import { OK } from './exit-codes.ts';
import { withRecording } from './foreign.ts';
import { FILTER_OPTIONS, filterOf, timesOf } from './export-filter.ts';
import { nearest } from './nearest.ts';
import { ProgressLine } from './progress-line.ts';
import { bytesText } from './quantities.ts';
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
    JSON_OPTION,
  ],
  details: [
    'AFTER may be left out where --from-b or --to-b name another part of the same file.',
    'folded: a stack and two counts per line, as difffolded.pl writes them: pipe it into flamegraph.pl. With',
    '--normalise the first count is scaled to the second side.',
    'Functions are matched by name and by file name of their module. What keeps the sides from being comparable',
    'comes first.',
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

async function readSides(
  given: Arguments,
  world: World,
): Promise<{ readonly before: ComparedSide; readonly after: ComparedSide }> {
  const [first = '', second] = given.words;
  const hasOwnTimes = given.has('from-b') || given.has('to-b');
  if (second === undefined && !hasOwnTimes)
    raise(
      'config-invalid',
      'cannot compare: AFTER is missing',
      'Name a second recording, or another part of the same one with --from-b and --to-b.',
    );
  const progress = new ProgressLine(world);
  const stop = new AbortController();
  const off = world.onInterrupt(() => stop.abort());
  const read = async (file: string, filter: ProfileFilter): Promise<ComparedSide> =>
    collectSide(file, { filter, stop: stop.signal }, (part) =>
      progress.show(`reading ${file} ${Math.round(part * 100)} %`),
    );
  const [from, to] = hasOwnTimes ? ['from-b', 'to-b'] : ['from', 'to'];
  try {
    const before = await withRecording(first, async (recording) => ({
      ...(await read(recording, await filterOf(given, recording))),
      file: first,
    }));
    const after = await withRecording(second ?? first, async (recording) => ({
      ...(await read(recording, {
        ...(await filterOf(given, recording)),
        ...(await timesOf(given, recording, from, to)),
      })),
      file: second ?? first,
    }));
    return { before, after };
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) raise('cancelled', 'the comparison was stopped');
    throw error;
  } finally {
    progress.clear();
    off();
  }
}
