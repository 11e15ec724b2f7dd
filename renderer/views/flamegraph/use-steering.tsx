import { useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useKeyAnywhere } from '../../widgets/search-keys.ts';
import type { FlameHandle } from './flame-picture.tsx';
import type { FlameCommand } from './keys.ts';
import { SearchBox } from './search-box.tsx';
import type { Search } from './use-search.ts';

export interface Steering {
  /** All that is steered: on its being on the screen depends which keys mean it. */
  readonly place: RefObject<HTMLDivElement | null>;
  readonly flame: RefObject<FlameHandle | null>;
  readonly searchBox: ReactNode;
  /** The list of keys is asked for. */
  readonly helps: boolean;
  setHelps(helps: boolean): void;
  /** Where in the tree the user is. */
  setSelected(node: number | null): void;
  obey(command: FlameCommand): void;
}

/** What steers a flame graph from around it, be it of one side or of two: its search and the commands of its keys. */
export function useSteering(search: Search, onShow: () => void, onTurnAround: () => void): Steering {
  const [selected, setSelected] = useState<number | null>(null);
  const [helps, setHelps] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const flame = useRef<FlameHandle>(null);
  const input = useRef<HTMLInputElement>(null);
  useKeyAnywhere('?', place, () => setHelps(true));
  const step = (by: 1 | -1) => {
    const node = search.step(selected, by);
    if (node === null) return;
    onShow();
    flame.current?.reveal(node);
  };
  const obey = (command: FlameCommand) => {
    if (command === 'search') input.current?.select();
    else if (command === 'next-match') step(1);
    else if (command === 'previous-match') step(-1);
    else if (command === 'orientation') onTurnAround();
    else if (command === 'help') setHelps(true);
  };
  const searchBox = (
    <SearchBox
      inputRef={input}
      text={search.text}
      result={search.result(selected)}
      onText={search.setText}
      onStep={step}
      onLeave={() => flame.current?.focus()}
    />
  );
  return { place, flame, searchBox, helps, setHelps, setSelected, obey };
}
