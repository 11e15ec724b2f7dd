import { useEffect } from 'react';
import type { Session } from '../session.ts';

/** What needs Space for itself. A radio that is already chosen does not: there Space may pause. */
const TAKES_SPACE =
  'input, textarea, select, button:not([role="radio"][aria-checked="true"]), summary, a[href], dialog, ' +
  '[contenteditable], [role="menuitem"], [role="option"], [role="treeitem"], [role="checkbox"], [role="tab"]';

/** Space pauses and resumes, wherever the focus is not on something that Space would press. */
export function usePauseKey(session: Session, growing: boolean): void {
  useEffect(() => {
    if (!growing) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.repeat || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey)
        return;
      if (event.target instanceof Element && event.target.closest(TAKES_SPACE)) return;
      event.preventDefault();
      session.togglePause();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [session, growing]);
}
