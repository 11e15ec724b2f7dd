import { useEffect, useRef } from 'react';
import type { RefObject, SyntheticEvent } from 'react';

export interface Modal {
  readonly ref: RefObject<HTMLDialogElement | null>;
  readonly onCancel: (event: SyntheticEvent) => void;
}

/**
 * Shows a `<dialog>` above everything for as long as it is there. The browser keeps the focus inside and gives it back;
 * `[data-first-focus]` gets it first. Escape asks: who shows the dialog takes it away.
 */
export function useModal(onCancel: () => void): Modal {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    return () => dialog.close();
  }, []);
  return {
    ref,
    onCancel: (event) => {
      event.preventDefault();
      onCancel();
    },
  };
}
