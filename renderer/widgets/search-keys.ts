import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** `/` and Ctrl+F go to the search field from anywhere; only to one that is on the screen. */
export function useSearchKeys(input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isFind = (event.ctrlKey || event.metaKey) && event.key === 'f';
      const isSlash = event.key === '/' && !event.ctrlKey && !event.altKey && !event.metaKey && !isTyping(event.target);
      if ((!isFind && !isSlash) || !input.current?.checkVisibility()) return;
      event.preventDefault();
      input.current.focus();
      input.current.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [input]);
}

/** A key that means the same wherever the focus is, for as long as `place` is on the screen. */
export function useKeyAnywhere(key: string | undefined, place: RefObject<HTMLElement | null>, act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== key || event.defaultPrevented || isTyping(event.target) || !place.current?.checkVisibility())
        return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [key, place]);
}

/** Letters go into a text, and are no command. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
