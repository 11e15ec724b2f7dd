import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Tabs } from '../../widgets/tabs.tsx';
import { TABBED_PROBES } from './tabbed-probes.ts';

export interface ViewTabsProps {
  readonly shown: string;
  readonly panelId: string;
  readonly onShow: (id: string) => void;
  /** To the right of the tabs: about the view that is shown. */
  readonly children: ReactNode;
}

/** Of the whole recording, not of one probe: behind the others. */
export const SUMMARY = 'summary';

const TABS = [...TABBED_PROBES, { id: SUMMARY, title: 'Summary' }].map(({ id, title }, index) => ({
  id,
  text: title,
  title: `${title} (Ctrl+${index + 1})`,
}));

/** One tab for each probe that has a view of its own, and the summary. Arrow keys within, Ctrl+1 … Ctrl+9 from anywhere. */
export function ViewTabs({ shown, panelId, onShow, children }: ViewTabsProps) {
  useNumberKeys(onShow);
  return (
    <div className="view-tabs">
      <Tabs
        label="Views of the session"
        look="tabs-card"
        tabs={TABS}
        chosen={shown}
        panelId={panelId}
        onChoose={onShow}
      />
      {children}
    </div>
  );
}

function useNumberKeys(onShow: (id: string) => void): void {
  const latest = useRef(onShow);
  useEffect(() => {
    latest.current = onShow;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.ctrlKey || event.altKey || event.shiftKey || event.metaKey) return;
      const tab = /^[1-9]$/.test(event.key) ? TABS[Number(event.key) - 1] : undefined;
      if (!tab) return;
      event.preventDefault();
      latest.current(tab.id);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
