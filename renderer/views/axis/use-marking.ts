import { useState } from 'react';
import type { Mark } from '../../../electron/bridge/contract.ts';
import type { RangeNs } from '../../store/index.ts';

/** Marks of the session, the one that is being written, and what can be done with them. */
export interface Marking {
  /** In the order of time. */
  readonly marks: readonly Mark[];
  readonly edited: Mark | null;
  /** Whether it is on the axis already. */
  readonly isNew: boolean;
  /** A new one; a moment where both ends are the same. */
  begin(range: RangeNs): void;
  edit(mark: Mark): void;
  /** Of the edited one; without text there is no mark. */
  save(text: string): void;
  remove(mark: Mark): void;
  cancel(): void;
}

export function useMarking(given: readonly Mark[], onChange: (marks: readonly Mark[]) => void): Marking {
  const [edited, setEdited] = useState<Mark | null>(null);
  const marks = given.toSorted((a, b) => a.fromNs - b.fromNs);
  const without = (mark: Mark) => given.filter(({ id }) => id !== mark.id);
  const remove = (mark: Mark) => {
    setEdited(null);
    if (given.some(({ id }) => id === mark.id)) onChange(without(mark));
  };
  return {
    marks,
    edited,
    isNew: edited !== null && !given.some(({ id }) => id === edited.id),
    begin: ({ fromNs, toNs }) => setEdited({ id: crypto.randomUUID(), fromNs, toNs, text: '', by: 'user' }),
    edit: setEdited,
    save: (typed) => {
      if (!edited) return;
      const text = typed.trim();
      if (text === '') return remove(edited);
      setEdited(null);
      if (text !== edited.text) onChange([...without(edited), { ...edited, text }]);
    },
    remove,
    cancel: () => setEdited(null),
  };
}
