/**
 * Samples as events of V8's CPU profiler, one profile per thread. Events before it hold the nodes of the tree, and each
 * sample is a node and the time since the sample before.
 */
import { type Run, type TimedProfile } from './timed-samples.ts';
import { StackTree } from './function-table.ts';
import type { TraceClock, TraceEvent } from './trace-events.ts';

/** Of one event. */
const MOST_SAMPLES = 2000;

export function* v8Profiles(profile: TimedProfile, clock: TraceClock): Generator<readonly TraceEvent[], void, void> {
  let id = 0;
  // V8 has one profile per process, so readers tell nodes apart by their numbers alone: no two threads share one.
  let rootNode = 1;
  for (const [thread, runs] of profile.runs) {
    id += 1;
    const tree = new StackTree(profile);
    const place = {
      ph: 'P',
      cat: 'disabled-by-default-v8.cpu_profiler',
      pid: profile.tables.processOf(thread)?.pid ?? 0,
      tid: profile.tables.threads[thread]?.tid ?? 0,
      id: `0x${id.toString(16)}`,
    };
    yield* threadEvents({ tree, rootNode }, runs, place, clock);
    rootNode += 1 + tree.nodes.length;
  }
}

interface Nodes {
  readonly tree: StackTree;
  /** The root that V8 puts below everything; the tree's own follow it. */
  readonly rootNode: number;
}

function* threadEvents(
  { tree, rootNode }: Nodes,
  runs: readonly Run[],
  place: TraceEvent,
  clock: TraceClock,
): Generator<readonly TraceEvent[], void, void> {
  const startTime = clock.us(runs[0]?.fromNs ?? 0);
  yield [{ ...place, name: 'Profile', ts: startTime, args: { data: { startTime } } }];
  let said = 0;
  let last = startTime;
  let [samples, timeDeltas]: [number[], number[]] = [[], []];
  const chunk = (): TraceEvent => {
    const nodes = [...(said === 0 ? [rootOf(rootNode)] : []), ...nodesFrom(tree, rootNode, said)];
    said = tree.nodes.length;
    const event = {
      ...place,
      name: 'ProfileChunk',
      ts: last,
      args: { data: { cpuProfile: { nodes, samples }, timeDeltas } },
    };
    [samples, timeDeltas] = [[], []];
    return event;
  };
  for (const { stack, samples: count, fromNs, toNs } of runs) {
    const node = rootNode + 1 + tree.nodeOf(stack);
    for (let at = 0; at < count; at++) {
      const us = Math.max(last, clock.us(fromNs + ((at + 0.5) * (toNs - fromNs)) / count));
      samples.push(node);
      timeDeltas.push(Math.round((us - last) * 1000) / 1000);
      last = us;
    }
    if (samples.length >= MOST_SAMPLES) yield [chunk()];
  }
  if (samples.length > 0) yield [chunk()];
}

function rootOf(id: number) {
  return { id, callFrame: { functionName: '(root)', scriptId: 0, codeType: 'other' } };
}

function nodesFrom({ nodes, functions }: StackTree, rootNode: number, from: number) {
  return nodes.slice(from).map(({ parent, fn }, at) => {
    const { name = '?', file = '' } = functions.all[fn] ?? {};
    return {
      id: rootNode + 1 + from + at,
      parent: rootNode + 1 + parent,
      callFrame: { functionName: name, url: file, scriptId: 0, codeType: 'other' },
    };
  });
}
