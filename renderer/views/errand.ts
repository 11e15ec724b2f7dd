import { useEffect, useRef } from 'react';

/** What a view is sent for from elsewhere in the window. Each is an object of its own: the same once more is another errand. */
export interface Errand {
  /** Whose view. */
  readonly probe: string;
  /** null = whichever is there. */
  readonly tab: string | null;
  /** The whole name of a function or call, or a filter of flows; '' = nothing is looked for. */
  readonly search: string;
}

/** A view that is made anew has done its errands already. */
const done = new WeakSet<Errand>();

export function useErrand(errand: Errand | null, run: (errand: Errand) => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!errand || done.has(errand)) return;
    done.add(errand);
    latest.current(errand);
  }, [errand]);
}
