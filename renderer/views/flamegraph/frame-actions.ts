import { type CallTree, exactSearch, lineage, meaningOf, type Names, stackText } from '../../derive/index.ts';
import type { Selection } from '../../store/index.ts';
import type { FrameAction } from './actions.ts';

/** What an action does to the workspace. */
export interface ActionEffects {
  copy(text: string, what: string): void;
  openSandwich(functionId: number): void;
  search(text: string): void;
  hide(functionId: number): void;
  select(filter: Partial<Selection>): void;
  /** Goes to another view of what is selected. */
  showOther(title: string): void;
}

/** `isCallersTree`: the root is the innermost frame. */
export function runAction(
  action: FrameAction,
  { tree, node, names, isCallersTree }: { tree: CallTree; node: number; names: Names; isCallersTree: boolean },
  effects: ActionEffects,
): void {
  const key = tree.key[node]!;
  const meaning = meaningOf(key);
  switch (action) {
    case 'zoom':
      return;
    case 'copy-name':
      return effects.copy(names.name(key), 'Name copied');
    case 'copy-stack':
      return effects.copy(stackText(tree, node, names, isCallersTree), 'Stack copied');
    case 'sandwich':
      return meaning.kind === 'function' ? effects.openSandwich(meaning.id) : undefined;
    case 'search':
      return effects.search(exactSearch(names.name(key)));
    case 'hide':
      return meaning.kind === 'function' ? effects.hide(meaning.id) : undefined;
    case 'filter-process':
      return effects.select(ownersOf(tree, node));
    default:
      effects.select(ownersOf(tree, node));
      return effects.showOther(action.slice('show '.length));
  }
}

/** The process above a frame; also the thread, where the frame is one. */
function ownersOf(tree: CallTree, node: number): Partial<Selection> {
  const owners: { process?: number; thread: number | null } = { thread: null };
  for (const at of lineage(tree, node)) {
    const meaning = meaningOf(tree.key[at]!);
    if (meaning.kind === 'process') owners.process = meaning.id;
    if (meaning.kind === 'thread' && at === node) owners.thread = meaning.id;
  }
  return owners;
}
