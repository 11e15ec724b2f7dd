import { useCallback, useLayoutEffect, useRef } from 'react';

/** The same function for ever, which calls the newest `handler`: a memoised part that is given it is not drawn again for it. */
export function useSteady<Args extends readonly unknown[]>(handler: (...args: Args) => void): (...args: Args) => void {
  const newest = useRef(handler);
  useLayoutEffect(() => {
    newest.current = handler;
  });
  return useCallback((...args: Args) => newest.current(...args), []);
}
