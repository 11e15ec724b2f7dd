import { useEffect, useRef, useState } from 'react';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import type { RangeNs } from '../../store/index.ts';
import { finerRange } from '../finer.ts';
import type { Session } from '../session.ts';

/** An edge that is moved step by step, or a recording that plays, does not ask at every step. */
const APART_MS = 300;

interface Asked {
  /** null = all of it. */
  readonly range: RangeNs | null;
  /** What was held then: as long as it is, the answer is on its way. */
  readonly loaded: object | null;
  readonly atMs: number;
}

/** Of a long recording only a part is held, or all of it coarsely: asks for what is selected. Whether it is on its way. */
export function useFinerData(session: Session, view: SessionView, { fromNs, toNs }: RangeNs): boolean {
  const loaded = view.kind === 'replay' ? view.loaded : null;
  const extent = view.kind === 'replay' ? view.extent : null;
  const [askedOf, setAskedOf] = useState<typeof loaded>(null);
  const last = useRef<Asked | null>(null);
  useEffect(() => {
    const wanted = { fromNs, toNs };
    const range = finerRange(wanted, loaded, extent);
    if (range === undefined || answers(last.current, range, wanted, loaded)) return;
    const ask = () => {
      last.current = { range, loaded, atMs: performance.now() };
      setAskedOf(loaded);
      session.showRange(range);
    };
    const timer = setTimeout(ask, Math.max(0, (last.current?.atMs ?? 0) + APART_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [session, fromNs, toNs, loaded, extent]);
  // Each answer is a new object, also where nothing finer was to be had.
  return loaded !== null && loaded === askedOf;
}

/** What was asked for is on its way and will do; or came, and is as fine as it gets. */
function answers(asked: Asked | null, range: RangeNs | null, wanted: RangeNs, loaded: object | null): boolean {
  if (!asked) return false;
  if (asked.loaded === loaded)
    return asked.range === null ? range === null : contains(asked.range, wanted) && range !== null;
  return JSON.stringify(asked.range) === JSON.stringify(range);
}

function contains(outer: RangeNs, inner: RangeNs): boolean {
  return outer.fromNs <= inner.fromNs && outer.toNs >= inner.toNs;
}
