/**
 * Folded stacks: a line per distinct stack, root first, as flamegraph.pl and its relatives read them.
 *
 *      nginx;main;loop;read_[k] 42
 *
 * `_[k]` marks kernel frames and `_[j]` code made at run time, as stackcollapse-perf.pl does.
 */
import type { CollectedProfile } from './collect-profile.ts';
import type { ProfileExporter } from '../exporters.ts';
import { factLines } from './facts.ts';
import { functionName } from './function-name.ts';
import type { Tables } from '../tables.ts';

/** Lines per piece. */
const BATCH = 1000;

export const folded: ProfileExporter = {
  of: 'profile',
  format: 'folded',
  title: 'Folded stacks',
  extension: '.folded',
  pieces,
};

function* pieces(profile: CollectedProfile): Generator<string, void, void> {
  yield factLines(profile)
    .map((line) => `# ${line}\n`)
    .join('');
  const lines = foldedLines(profile);
  for (let at = 0; at < lines.length; at += BATCH) yield lines.slice(at, at + BATCH).join('');
}

/** Sorted, so that two exports can be compared. */
function foldedLines(profile: CollectedProfile): string[] {
  return [...foldedCounts(profile)].map(([line, count]) => `${line} ${count}\n`).toSorted();
}

/** Samples by stack. Stacks with equal names are one. */
export function foldedCounts({ entries, tables }: CollectedProfile): Map<string, number> {
  const words = frameWords(tables);
  const counts = new Map<string, number>();
  for (const { thread, stack, samples } of entries) {
    const process = safe(tables.processOf(thread)?.comm || '[unknown]');
    const frames = tables.leafToRoot(stack).toReversed().map(words);
    const line = [process, ...(frames.length > 0 ? frames : ['[no stack]'])].join(';');
    counts.set(line, (counts.get(line) ?? 0) + samples);
  }
  return counts;
}

/** Each frame's word is made once. */
export function frameWords(tables: Tables): (frame: number) => string {
  const known = new Map<number, string>();
  return (id) => {
    let word = known.get(id);
    if (word === undefined) {
      const frame = tables.frames[id];
      const module = tables.moduleOf(id);
      const mark = module?.kind === 'kernel' ? '_[k]' : module?.kind === 'jit' || frame?.interpreted ? '_[j]' : '';
      word = safe(functionName(frame, module)) + mark;
      known.set(id, word);
    }
    return word;
  };
}

/** `;` ends a frame. Line ends and control characters do not get here: text was made safe at the door. */
function safe(text: string): string {
  return text.replaceAll(';', ':');
}
