import { useId, useState } from 'react';
import type { Grouping } from '../derive/index.ts';
import { type CompareSide, DIFF_WIDTHS, type DiffWidths } from '../derive/compare/index.ts';
import { Button } from '../widgets/button.tsx';
import { EmptyNote } from '../widgets/empty-note.tsx';
import { SondeMark } from '../widgets/icons.tsx';
import { useRemembered } from '../widgets/remembered.ts';
import { isTyping } from '../widgets/search-keys.ts';
import { Segmented } from '../widgets/segmented.tsx';
import { Tabs } from '../widgets/tabs.tsx';
import { useNotice } from '../widgets/use-notice.ts';
import { CallsDiff } from './compare/calls-diff.tsx';
import './compare/compare.css';
import { DeviceDiff } from './compare/device-diff.tsx';
import { NetworkDiff } from './compare/network-diff.tsx';
import { ComparisonNotes } from './compare/notes.tsx';
import { SideName } from './compare/side-name.tsx';
import { keyOf, useComparison } from './compare/use-comparison.ts';
import { ProfileDiff } from './compare-profile.tsx';
import { FunctionPicker } from './flamegraph/function-picker.tsx';
import './flamegraph/workspace.css';

export interface ComparedSide extends CompareSide {
  /** "gateway-7, 14:02:11, 40 s" */
  readonly title: string;
  /** Where it is from, in full. */
  readonly detail: string;
  /** Of a recording; null = a live session. */
  readonly file: string | null;
}

export interface CompareWorkspaceProps {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  readonly onSwap: () => void;
  readonly onRange: (side: 'before' | 'after', range: { readonly fromNs: number; readonly toNs: number }) => void;
  readonly onClose: () => void;
  readonly copyText: (text: string) => void;
}

const TABS = [
  { id: 'flame', text: 'Flame graph' },
  { id: 'functions', text: 'Functions' },
  { id: 'calls', text: 'System calls' },
  { id: 'network', text: 'Network' },
  { id: 'device', text: 'Device' },
] as const;
type TabId = (typeof TABS)[number]['id'];

const BY = [
  { value: 'samples', text: 'All samples' },
  { value: 'time', text: 'One CPU' },
  { value: 'total', text: 'One function' },
] as const;
const WIDTHS = [
  { value: 'after', text: 'After' },
  { value: 'before', text: 'Before' },
  { value: 'both', text: 'Both' },
] as const;
const GROUPINGS = [
  { value: 'process', text: 'Apart' },
  { value: 'none', text: 'As one' },
] as const;

/** Two sides: what changed, in the profile, the calls, the network and the device as a whole. */
export function CompareWorkspace({ before, after, onSwap, onRange, onClose, copyText }: CompareWorkspaceProps) {
  const [grouping, setGrouping] = useRemembered<Grouping>('compare.grouping', ['process', 'none'], 'process');
  const [widths, setWidths] = useRemembered<DiffWidths>('compare.widths', DIFF_WIDTHS, 'after');
  const [by, setBy] = useState<(typeof BY)[number]['value']>('samples');
  const [of, setOf] = useState<string | null>(null);
  const [tab, setTab] = useState<TabId>('flame');
  /** Swapped, a function has another number, and no way through the tree means what it meant: the picture begins anew. */
  const [swaps, setSwaps] = useState(0);
  const [notice, tell] = useNotice();
  const panelId = useId();
  const { notes, profile } = useComparison(before, after, { grouping, widths, by, of });
  const swap = () => {
    setSwaps(swaps + 1);
    onSwap();
  };
  const copy = (text: string, what: string) => {
    copyText(text);
    tell(what);
  };
  const shows = tab === 'flame' || tab === 'functions' ? tab : null;
  const controls = (
    <>
      <span className="compare-control">
        100 % = <Segmented label="What 100 % are" options={BY} value={by} onChange={setBy} />
      </span>
      {by === 'total' && profile && (
        <FunctionPicker
          costs={profile.costs.after}
          names={profile.merged.names}
          chosen={profile.of}
          onChoose={(id) => setOf(keyOf(profile.merged, id))}
        />
      )}
      {tab === 'flame' && (
        <>
          <span className="compare-control">
            Width <Segmented label="Whose width frames have" options={WIDTHS} value={widths} onChange={setWidths} />
          </span>
          <span className="compare-control">
            Processes <Segmented label="Processes" options={GROUPINGS} value={grouping} onChange={setGrouping} />
          </span>
        </>
      )}
    </>
  );
  return (
    <div
      className="compare"
      onKeyDown={(event) => {
        if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === 'Escape') onClose();
        else if (event.key === 'x') swap();
      }}
    >
      <header className="compare-head">
        <SondeMark size={20} />
        <h1>Compare</h1>
        <SideName name="Before" side={before} onRange={(range) => onRange('before', range)} />
        <Button look="quiet" title="Swap before and after (X)" onClick={swap}>
          ⇄ Swap
        </Button>
        <SideName name="After" side={after} onRange={(range) => onRange('after', range)} />
        <Button autoFocus title="Back to what was shown before (Esc)" onClick={onClose}>
          Close comparison
        </Button>
      </header>
      <ComparisonNotes notes={notes} />
      <div className="flame-tabs">
        <Tabs
          label="Views of the comparison"
          look="tabs-line"
          tabs={TABS}
          chosen={tab}
          panelId={panelId}
          onChoose={setTab}
        />
      </div>
      <main className="compare-panel" role="tabpanel" id={panelId} aria-labelledby={`${panelId}-${tab}`}>
        {profile && <ProfileDiff key={grouping} {...{ profile, swaps, shows, copy, controls, by }} onShow={setTab} />}
        {!profile && shows && (
          <EmptyNote title="No CPU profile on both sides" note="Samples are needed on both to compare functions." />
        )}
        {tab === 'calls' && <CallsDiff {...{ before, after }} />}
        {tab === 'network' && <NetworkDiff {...{ before, after }} />}
        {tab === 'device' && <DeviceDiff {...{ before, after }} />}
      </main>
      <p className={notice ? 'notice notice-on' : 'notice'} role="status">
        {notice}
      </p>
    </div>
  );
}
