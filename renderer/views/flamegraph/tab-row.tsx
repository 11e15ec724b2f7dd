import type { ReactNode } from 'react';
import { Tabs } from '../../widgets/tabs.tsx';

export const TABS = [
  { id: 'flame', text: 'Flame graph' },
  { id: 'functions', text: 'Functions' },
  { id: 'sandwich', text: 'Sandwich' },
  { id: 'heat', text: 'Heat map', title: 'When within each second samples were taken' },
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
  return (
    <div className="flame-tabs">
      <Tabs label="Views of the profile" look="tabs-line" tabs={TABS} chosen={tab} panelId={panelId} onChoose={onTab} />
      {children}
    </div>
  );
}
