import { useEffect, useRef } from 'react';
import { isTyping } from '../../widgets/search-keys.ts';

/** What needs Space for itself. A radio that is already chosen does not: there Space may pause. */
const TAKES_SPACE =
  'input, textarea, select, button:not([role="radio"][aria-checked="true"]), summary, a[href], dialog, ' +
  '[contenteditable], [role="menuitem"], [role="option"], [role="treeitem"], [role="checkbox"], [role="tab"]';

export interface AxisKeys {
  /** Pauses and resumes, or plays. */
  readonly onSpace: () => void;
  readonly onMark: () => void;
  readonly onWhole: () => void;
  /** Of marks. */
  readonly onUndo: () => void;
}

/** Keys of the time axis that work wherever the focus is, but where they are typed or pressed for something else. */
export function useAxisKeys(keys: AxisKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.repeat || event.defaultPrevented || event.altKey) return;
      const act = actOf(event, latest.current);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function actOf({ key, target, ctrlKey, metaKey, shiftKey }: KeyboardEvent, keys: AxisKeys): (() => void) | null {
  const isIn = (selector: string) => target instanceof Element && target.closest(selector) !== null;
  const isElsewhere = isTyping(target) || isIn('dialog, [role="dialog"]');
  if (ctrlKey || metaKey) return key === 'z' && !shiftKey && !isElsewhere ? keys.onUndo : null;
  if (key === ' ') return isIn(TAKES_SPACE) ? null : keys.onSpace;
  if (isElsewhere) return null;
  if (key === 'm' || key === 'M') return keys.onMark;
  return key === 'l' || key === 'L' ? keys.onWhole : null;
}
