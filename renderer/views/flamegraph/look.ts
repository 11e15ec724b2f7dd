import { useMemo, useState } from 'react';
import { type CallTreeOptions, type FrameKind, type Grouping } from '../../derive/index.ts';
import { useRemembered } from '../../widgets/remembered.ts';

/** How the profile is looked at, whatever of it is selected. */
export interface Look {
  readonly options: CallTreeOptions;
  readonly rootOnTop: boolean;
  readonly inverted: boolean;
  readonly dimmed: ReadonlySet<FrameKind>;
  setGrouping(grouping: Grouping): void;
  setRootOnTop(rootOnTop: boolean): void;
  setInverted(inverted: boolean): void;
  setMergeRecursion(merge: boolean): void;
  toggleKind(kind: FrameKind): void;
  hide(functionId: number): void;
  showHidden(): void;
}

const NONE: ReadonlySet<never> = new Set();
const YES_NO = ['yes', 'no'] as const;

export function useLook(): Look {
  const [grouping, setGrouping] = useRemembered<Grouping>(
    'flamegraph.grouping',
    ['none', 'process', 'thread'],
    'process',
  );
  const [onTop, setOnTop] = useRemembered('flamegraph.root-on-top', YES_NO, 'yes');
  const [merge, setMerge] = useRemembered('flamegraph.merge-recursion', YES_NO, 'no');
  const [inverted, setInverted] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(NONE);
  const [dimmed, setDimmed] = useState<ReadonlySet<FrameKind>>(NONE);
  const mergeRecursion = merge === 'yes';
  // One object as long as it says the same: a new one means a new tree.
  const options = useMemo(() => ({ grouping, hidden, mergeRecursion }), [grouping, hidden, mergeRecursion]);
  return {
    options,
    rootOnTop: onTop === 'yes',
    inverted,
    dimmed,
    setGrouping,
    setRootOnTop: (yes) => setOnTop(yes ? 'yes' : 'no'),
    setInverted,
    setMergeRecursion: (yes) => setMerge(yes ? 'yes' : 'no'),
    toggleKind: (kind) => setDimmed(toggled(dimmed, kind)),
    hide: (id) => setHidden(new Set([...hidden, id])),
    showHidden: () => setHidden(NONE),
  };
}

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}
