import type { ReactNode } from 'react';
import { Tabs } from '../../widgets/tabs.tsx';

const COUNTED = [
  { id: 'calls', text: 'Calls' },
  { id: 'errors', text: 'Errors' },
] as const;
const HAPPENING = { id: 'events', text: 'As they happen' } as const;
export type TabId = (typeof COUNTED)[number]['id'] | typeof HAPPENING.id;

export interface TabRowProps {
  readonly tab: TabId;
  readonly onTab: (tab: TabId) => void;
  readonly hasEvents: boolean;
  readonly panelId: string;
  /** To the right of the tabs. */
  readonly children: ReactNode;
}

export function TabRow({ tab, onTab, hasEvents, panelId, children }: TabRowProps) {
  return (
    <div className="calls-tabs">
      <Tabs
        label="Views of the system calls"
        look="tabs-line"
        tabs={hasEvents ? [...COUNTED, HAPPENING] : COUNTED}
        chosen={tab}
        panelId={panelId}
        onChoose={onTab}
      />
      {children}
    </div>
  );
}
