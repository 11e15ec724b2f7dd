import type { SampleColumns, Selection, Tables } from '../store/model.ts';
import { containerOf, processOf } from './owners.ts';
import { type Tally, tallyRows, type WindowSpan } from './tally.ts';

export type Filter = Pick<Selection, 'process' | 'thread' | 'container'>;

export const NO_FILTER: Filter = { process: null, thread: null, container: null };

/** The rows a selection means: the windows of its range, of the process, thread and container it names. */
export function selectRows(samples: SampleColumns, span: WindowSpan, tables: Tables, filter: Filter): Tally {
  return filterTally(tallyRows(samples, span), tables, filter);
}

export function filterTally(tally: Tally, tables: Tables, filter: Filter): Tally {
  if (isOpen(filter)) return tally;
  const thread = new Uint32Array(tally.count);
  const stack = new Uint32Array(tally.count);
  const weight = new Float64Array(tally.count);
  const passes = threadTest(tables, filter);
  let count = 0;
  let total = 0;
  for (let i = 0; i < tally.count; i++) {
    if (tally.weight[i] === 0 || !passes(tally.thread[i]!)) continue;
    thread[count] = tally.thread[i]!;
    stack[count] = tally.stack[i]!;
    weight[count] = tally.weight[i]!;
    total += tally.weight[i]!;
    count++;
  }
  return { count, thread, stack, weight, total };
}

export function isOpen(filter: Filter): boolean {
  return filter.process === null && filter.thread === null && filter.container === null;
}

/** Whether a thread passes. Asks the tables once per thread, however often it is asked. */
export function threadTest(tables: Tables, filter: Filter): (thread: number) => boolean {
  const answers = new Map<number, boolean>();
  return (thread) => {
    let answer = answers.get(thread);
    if (answer === undefined) answers.set(thread, (answer = threadPasses(tables, filter, thread)));
    return answer;
  };
}

function threadPasses(tables: Tables, filter: Filter, thread: number): boolean {
  if (filter.thread !== null && filter.thread !== thread) return false;
  const processId = processOf(tables, thread);
  if (filter.process !== null && filter.process !== processId) return false;
  return filter.container === null || containerOf(tables, processId) === filter.container;
}
