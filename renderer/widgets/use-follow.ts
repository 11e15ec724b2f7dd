import { type RefObject, useLayoutEffect, useRef } from 'react';

export interface Follow {
  /** The end stays in sight while rows are added. Otherwise what is in sight stays, whatever is added or taken away. */
  readonly isOn: boolean;
  /** Somebody scrolled away from the end, or back to it. */
  readonly onChange: (isOn: boolean) => void;
}

/** Keeps a list of equally high rows in place while it changes; without `follow` it begins at its top. Returns what is to hear of scrolling. */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  ids: readonly number[],
  rowPx: number,
  follow: Follow | undefined,
): () => void {
  /** First row in sight and how far it was scrolled past. */
  const anchor = useRef({ id: 0, pastPx: 0 });
  const isOn = follow?.isOn;
  const hasEnd = follow !== undefined;
  // Rows in another order: what was in sight means nothing there.
  useLayoutEffect(() => {
    if (!hasEnd) scroller.current?.scrollTo({ top: 0 });
  }, [scroller, hasEnd]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || isOn === undefined) return;
    if (isOn) {
      element.scrollTo({ top: element.scrollHeight });
      return;
    }
    const at = ids.indexOf(anchor.current.id);
    if (at >= 0) element.scrollTo({ top: at * rowPx + anchor.current.pastPx });
  }, [scroller, ids, rowPx, isOn]);
  return () => {
    const element = scroller.current;
    if (!element || !follow) return;
    const first = Math.floor(element.scrollTop / rowPx);
    anchor.current = { id: ids[first] ?? 0, pastPx: element.scrollTop - first * rowPx };
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < rowPx;
    if (isAtEnd !== follow.isOn) follow.onChange(isAtEnd);
  };
}
