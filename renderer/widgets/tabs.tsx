import { useRef } from 'react';
import type { KeyboardEvent } from 'react';

export interface TabsProps<Id extends string> {
  readonly label: string;
  /** Class of the list. */
  readonly look: 'tabs-line' | 'tabs-card';
  readonly tabs: readonly { readonly id: Id; readonly text: string; readonly title?: string }[];
  readonly chosen: Id;
  /** The panel they share; its `aria-labelledby` is `panelId-id`. */
  readonly panelId: string;
  readonly onChoose: (id: Id) => void;
}

/** A row of tabs: one stop for Tab, arrow keys within. */
export function Tabs<Id extends string>({ label, look, tabs, chosen, panelId, onChoose }: TabsProps<Id>) {
  const row = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = (tabs.findIndex(({ id }) => id === chosen) + step + tabs.length) % tabs.length;
    const next = tabs[at];
    if (next) onChoose(next.id);
    row.current?.querySelectorAll('button')[at]?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className={look} ref={row} onKeyDown={move}>
      {tabs.map(({ id, text, title }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`${panelId}-${id}`}
          title={title}
          aria-selected={id === chosen}
          aria-controls={panelId}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => onChoose(id)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
