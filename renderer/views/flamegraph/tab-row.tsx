import { useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

export const TABS = [
  { id: 'flame', text: 'Flame graph' },
  { id: 'functions', text: 'Functions' },
  { id: 'sandwich', text: 'Sandwich' },
] as const;
export type TabId = (typeof TABS)[number]['id'];

export interface TabRowProps {
  readonly tab: TabId;
  readonly onTab: (tab: TabId) => void;
  readonly panelId: string;
  /** To the right of the tabs. */
  readonly children: ReactNode;
}

export function TabRow({ tab, onTab, panelId, children }: TabRowProps) {
  const row = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = (TABS.findIndex((each) => each.id === tab) + step + TABS.length) % TABS.length;
    onTab(TABS[at]!.id);
    row.current?.querySelectorAll('button')[at]?.focus();
  };
  return (
    <div className="flame-tabs">
      <div role="tablist" aria-label="Views of the profile" ref={row} onKeyDown={move}>
        {TABS.map(({ id, text }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${panelId}-${id}`}
            aria-selected={id === tab}
            aria-controls={panelId}
            tabIndex={id === tab ? 0 : -1}
            onClick={() => onTab(id)}
          >
            {text}
          </button>
        ))}
      </div>
      {children}
    </div>
  );
}
