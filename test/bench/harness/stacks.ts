/** What different tools print, as the same stacks. */
import { sum } from './figures.ts';

export interface Stack {
  readonly comm: string;
  /** In any order, offsets cut off. */
  readonly frames: readonly string[];
  readonly samples: number;
}

/** `comm;root;…;leaf 12`, as bcc, perf and we export it. */
export function stacksOfFolded(text: string): Stack[] {
  return [...text.matchAll(/^([^#\n][^\n]*) (\d+)$/gm)].map(([, path = '', count]) => {
    const [comm = '', ...frames] = path.split(';');
    return { comm, frames, samples: Number(count) };
  });
}

/** `@[\n    leaf+12\n    root+34\n, comm]: 12` */
export function stacksOfBpftrace(text: string): Stack[] {
  return [...text.matchAll(/^@\[(.*?), (\S+)\]: (\d+)$/gms)].map(([, stack = '', comm = '', count]) => ({
    comm,
    frames: stack
      .trim()
      .split(/\s+/)
      .map((frame) => frame.replace(/\+\d+$/, '')),
    samples: Number(count),
  }));
}

/** Share of the samples in any of `functions`, for each of them: below it or in it. */
export function sharesOf(stacks: readonly Stack[], comm: string, functions: readonly string[]): Map<string, number> {
  const relevant = stacks.filter((stack) => stack.comm === comm && stack.frames.some((f) => functions.includes(f)));
  const all = samplesOf(relevant);
  return new Map(
    functions.map((name) => [name, samplesOf(relevant.filter(({ frames }) => frames.includes(name))) / all]),
  );
}

export function samplesOf(stacks: readonly Stack[]): number {
  return sum(stacks.map(({ samples }) => samples));
}
