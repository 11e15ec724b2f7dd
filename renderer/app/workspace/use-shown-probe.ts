import { useState } from 'react';
import type { StoreSnapshot } from '../../store/index.ts';
import { useRemembered } from '../../widgets/remembered.ts';
import { probesWithin, TABBED_PROBES } from './tabbed-probes.ts';

const IDS = TABBED_PROBES.map(({ id }) => id);

/**
 * Which probe's view is on the screen: the one chosen in this session, else the one last looked at. Where all data is
 * there and that one has none, it is a probe that has some.
 */
export function useShownProbe(snapshot: StoreSnapshot, isWhole: boolean): [id: string, show: (id: string) => void] {
  const [remembered, remember] = useRemembered('workspace.view', IDS, IDS[0] ?? '');
  const [chosen, setChosen] = useState<string | null>(null);
  const hasWindows = (id: string) => (snapshot.probes.get(id)?.windows.windowCount ?? 0) > 0;
  const hasData = (id: string) => hasWindows(id) || probesWithin(id).some((each) => hasWindows(each.id));
  const first = hasData(remembered) || !isWhole ? remembered : (IDS.find(hasData) ?? remembered);
  return [
    chosen ?? first,
    (id) => {
      setChosen(id);
      remember(id);
    },
  ];
}
