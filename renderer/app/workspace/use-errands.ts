import { useState } from 'react';
import type { Lead } from '../../../electron/bridge/contract.ts';
import type { Tables } from '../../store/index.ts';
import type { Errand } from '../../views/errand.ts';
import type { Session } from '../session.ts';

export interface Errands {
  /** The newest one. */
  readonly errand: Errand | null;
  /** Shows the view that the lead is to, of its process, with what it looks for. */
  readonly follow: (lead: Lead) => void;
}

export function useErrands(session: Session, show: (probe: string) => void): Errands {
  const [errand, setErrand] = useState<Errand | null>(null);
  return {
    errand,
    follow: ({ probe, tab, pid, search }) => {
      const { selection } = session.state.getState();
      const process = pid === null ? null : processOf(session.snapshots.getState().tables, pid);
      session.select({ ...selection, process, thread: null, container: null });
      setErrand({ probe, tab, search });
      show(probe);
    },
  };
}

/** Numbers are used again: the newest process of that number. null where none is known. */
function processOf({ processes }: Tables, pid: number): number | null {
  return processes.findLast((process) => process?.pid === pid)?.id ?? null;
}
