import type { ReactNode } from 'react';
import { Tabs } from '../../widgets/tabs.tsx';

const TABS = [
  { id: 'flows', text: 'Flows' },
  { id: 'map', text: 'Map' },
  { id: 'moments', text: 'Connections' },
  { id: 'dns', text: 'DNS' },
  { id: 'drops', text: 'Drops' },
] as const;
export type TabId = (typeof TABS)[number]['id'];

/** Of flows; the others are about something else. */
export function isOfFlows(tab: TabId): boolean {
  return tab === 'flows' || tab === 'map' || tab === 'moments';
}

export interface TabRowProps {
  readonly tab: TabId;
  readonly onTab: (tab: TabId) => void;
  readonly panelId: string;
  /** To the right of the tabs. */
  readonly children: ReactNode;
}

export function TabRow({ tab, onTab, panelId, children }: TabRowProps) {
  return (
    <div className="net-tabs">
      <Tabs label="Views of the network" look="tabs-line" tabs={TABS} chosen={tab} panelId={panelId} onChoose={onTab} />
      {children}
    </div>
  );
}
