import { useMemo } from 'react';
import {
  type CallTree,
  callersCallees,
  type Matcher,
  matchTree,
  type NodeKey,
  type Profile,
  type SelfTotal,
} from '../derive/index.ts';
import type { FrameAction } from './flamegraph/actions.ts';
import { FlamePicture } from './flamegraph/flame-picture.tsx';
import { FunctionPicker } from './flamegraph/function-picker.tsx';
import type { FlameCommand } from './flamegraph/keys.ts';
import type { Look } from './flamegraph/look.ts';
import { type SandwichPart, SandwichView } from './sandwich/index.ts';

export interface SandwichPaneProps {
  readonly profile: Profile;
  readonly costs: SelfTotal;
  readonly look: Look;
  readonly live: boolean;
  readonly otherTitles: readonly string[];
  /** null = the function that costs most by itself. */
  readonly chosen: number | null;
  readonly matcher: Matcher | null;
  readonly corePercentOf: (samples: number) => number | null;
  readonly onChoose: (id: number) => void;
  readonly onAction: (action: FrameAction, node: number, tree: CallTree, isCallersTree: boolean) => void;
  readonly onCommand: (command: FlameCommand) => void;
}

/** Puts the sandwich and the flame graph together. */
export function SandwichPane(props: SandwichPaneProps) {
  const { profile, costs, matcher, onChoose } = props;
  const { tree, tables, functions, names } = profile;
  const id = useMemo(
    () => (props.chosen === null ? costliest(costs) : current(props.chosen, costs, functions.renamed)),
    [props.chosen, costs, functions],
  );
  const parts = useMemo(
    () => (id === null ? null : callersCallees(tree, id, tables, functions)),
    [tree, id, tables, functions],
  );
  const matches = useMemo(
    () => ({
      callers: parts && matcher ? matchTree(parts.callers, matcher) : null,
      callees: parts && matcher ? matchTree(parts.callees, matcher) : null,
    }),
    [parts, matcher],
  );
  const renderPicture = ({ side, tree: part, rootOnTop, label }: SandwichPart) => (
    <FlamePicture
      key={`${side} ${id}`}
      label={label}
      hasFactsLine={side === 'callees'}
      tree={part}
      names={names}
      functions={functions}
      rootOnTop={rootOnTop}
      matches={matches[side]}
      dimmed={props.look.dimmed}
      isAnimated={props.live}
      all={costs.all}
      corePercentOf={props.corePercentOf}
      otherTitles={props.otherTitles}
      onAction={(action, node, of) => props.onAction(action, node, of, side === 'callers')}
      onCommand={props.onCommand}
    />
  );
  return (
    <SandwichView
      picker={<FunctionPicker costs={costs} names={names} chosen={id} onChoose={onChoose} />}
      names={names}
      chosen={id === null || !parts ? null : { id, parts, self: costs.self[id] ?? 0, all: costs.all }}
      emptyText={id === null ? 'No function has samples here.' : 'This function has no samples in the selection.'}
      renderPicture={renderPicture}
    />
  );
}

function costliest({ present, self }: SelfTotal): number | null {
  let best: number | null = null;
  for (const id of present) if (best === null || self[id]! > self[best]!) best = id;
  return best;
}

/** The function its frames belong to since their names came. */
function current(id: NodeKey, costs: SelfTotal, renamed: ReadonlyMap<number, number>): number {
  let at = id;
  for (let next = renamed.get(at); next !== undefined && (costs.total[at] ?? 0) === 0; next = renamed.get(at))
    at = next;
  return at;
}
