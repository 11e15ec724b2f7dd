/** Helpers for tests of derive: a snapshot from drawn stacks, and trees as text. */
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import {
  type CallTree,
  type CallTreeOptions,
  callTree,
  type FunctionTable,
  functionTable,
  Names,
  PLAIN_TREE,
  sampleColumns,
  type Tally,
  tallyRows,
} from '../../../renderer/derive/index.ts';
import {
  type FrameClock,
  REPLAY_LIMITS,
  type SampleColumns,
  SessionStore,
  type StoreSnapshot,
} from '../../../renderer/store/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';

/** A window nobody looks at, so that the store publishes every batch at once. */
export function eagerClock(): FrameClock {
  let nowMs = 0;
  return {
    nowMs: () => (nowMs += 10_000),
    hidden: () => true,
    request: () => () => undefined,
    onVisibility: () => () => undefined,
  };
}

export interface ProfileSnapshot extends StoreSnapshot {
  readonly samples: SampleColumns;
}

export function snapshotOf(given: string | readonly Signal[]): ProfileSnapshot {
  const store = new SessionStore(REPLAY_LIMITS, eagerClock());
  void store.ingest(typeof given === 'string' ? signalsFromStacks(given) : given);
  const snapshot = store.snapshots.getState();
  return { ...snapshot, samples: sampleColumns(snapshot.probes.get('cpu-profile')!.windows) };
}

export interface Drawn {
  readonly snapshot: ProfileSnapshot;
  readonly tally: Tally;
  readonly functions: FunctionTable;
  readonly names: Names;
  readonly tree: CallTree;
}

export function drawn(given: string | readonly Signal[], options: Partial<CallTreeOptions> = {}): Drawn {
  const snapshot = snapshotOf(given);
  const { tables, samples } = snapshot;
  const tally = tallyRows(samples, { first: 0, end: samples.windowCount });
  const functions = functionTable(tables);
  const tree = callTree(tally, tables, functions, { ...PLAIN_TREE, ...options });
  return { snapshot, tally, functions, names: new Names(tables, functions), tree };
}

/** One line per node: indented by depth, `name total`, and `(self)` where it has any. */
export function treeText(tree: CallTree, names: Names): string {
  const lines: string[] = [];
  for (let node = 0; node < tree.count; node++) {
    const self = tree.self[node]! > 0 ? ` (${tree.self[node]})` : '';
    lines.push(`${'  '.repeat(tree.depth[node]!)}${names.name(tree.key[node]!)} ${tree.total[node]}${self}`);
  }
  return lines.join('\n');
}

/** Text without the indentation of the source it stands in. */
export function text(raw: string): string {
  const lines = raw.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent).trimEnd()).join('\n');
}

export function nodeNamed({ tree, names }: Pick<Drawn, 'tree' | 'names'>, name: string): number {
  for (let node = 0; node < tree.count; node++) if (names.name(tree.key[node]!) === name) return node;
  throw new Error(`no node is called ${name}`);
}
