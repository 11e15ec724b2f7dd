import type { SecondsGrid } from '../../derive/subsecond/index.ts';

/** Why there is no picture, and what to do about it. */
export interface Emptiness {
  readonly title: string;
  readonly note: string;
}

export interface EmptinessRequest {
  readonly grid: Pick<SecondsGrid, 'placed' | 'unplaced'>;
  readonly live: boolean;
  /** The probe runs, or ran, with the wish not to tell slots apart. */
  readonly isOff: boolean;
  /** Something narrows what is counted: a CPU, a process … */
  readonly isFiltered: boolean;
}

/** null = there is a picture. Where only averages are known there is none: it would be one colour a second. */
export function whyEmpty({ grid, live, isOff, isFiltered }: EmptinessRequest): Emptiness | null {
  if (grid.placed > 0) return null;
  if (grid.unplaced === 0)
    return isFiltered
      ? { title: 'No samples of these in the seconds shown', note: 'Choose another CPU, process, thread or container.' }
      : { title: 'No samples in the seconds shown', note: 'The CPUs were idle, or nothing was watched.' };
  if (isOff)
    return {
      title: 'Samples are not told apart within a second',
      note: live
        ? 'The profile runs with a heat map slot of 0 ms. Start it again with 20 ms, say.'
        : 'It was recorded with a heat map slot of 0 ms.',
    };
  return live
    ? {
        title: 'Only whole windows came so far',
        note: 'The link is slow, so windows were merged: they do not say in which part of a second a sample was taken.',
      }
    : {
        title: 'This part does not say when within a second samples were taken',
        note: 'It was recorded before Sonde did so or over a slow link that merged windows, or it is a long range that is shown in large steps: then a shorter one has it.',
      };
}
