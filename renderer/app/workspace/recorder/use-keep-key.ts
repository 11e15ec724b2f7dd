import { useEffect, useRef } from 'react';
import { isTyping } from '../../../widgets/search-keys.ts';

/** Shift+K keeps what just happened, wherever the focus is but where a K is typed. A table may use k for itself. */
export function useKeepKey(keep: () => void, isOn: boolean): void {
  const latest = useRef(keep);
  useEffect(() => {
    latest.current = keep;
  });
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.repeat || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!event.shiftKey || event.key.toLowerCase() !== 'k' || isTyping(event.target)) return;
      if (event.target instanceof Element && event.target.closest('dialog, [role="dialog"]')) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isOn]);
}
