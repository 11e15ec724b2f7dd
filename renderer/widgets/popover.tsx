import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useKeyAnywhere } from './search-keys.ts';

export interface PopoverProps {
  /** What the button shows. */
  readonly face: ReactNode;
  /** What the button and the panel are called. */
  readonly label: string;
  readonly look: string;
  readonly side: 'above' | 'below';
  readonly align: 'start' | 'end';
  /** Opens it from anywhere while its button is on the screen. */
  readonly hotkey?: string;
  /** Called only while open. */
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a panel beside it. Escape or a press elsewhere closes; the focus goes back to the button. */
export function Popover({ face, label, look, side, align, hotkey, children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const faceId = useId();
  const panelId = useId();
  const root = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    document.getElementById(faceId)?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: PointerEvent) => {
      if (!(event.target instanceof Node && root.current?.contains(event.target))) setOpen(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, [open]);
  useKeyAnywhere(hotkey, root, () => {
    setOpen(true);
    // Escape closes it where the focus is in it.
    document.getElementById(faceId)?.focus();
  });
  return (
    <div
      className="popover"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        id={faceId}
        type="button"
        className={`button ${look}`}
        aria-expanded={open}
        aria-controls={panelId}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div id={panelId} role="group" aria-label={label} className={`popover-panel popover-${side} popover-${align}`}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
