import { useId, useMemo, useState } from 'react';
import { type CallTree, corePercent, exactSearch, selfTotal } from '../derive/index.ts';
import { useNotice } from '../widgets/use-notice.ts';
import { useErrand } from './errand.ts';
import { FilterRow } from './filter-row.tsx';
import type { FrameAction } from './flamegraph/actions.ts';
import { CoverageNote } from './flamegraph/coverage-note.tsx';
import { whyEmpty } from './flamegraph/emptiness.ts';
import { EmptyState } from './flamegraph/empty-state.tsx';
import { FlamePane } from './flamegraph/flame-pane.tsx';
import { runAction } from './flamegraph/frame-actions.ts';
import { KeyHelp } from './flamegraph/key-help.tsx';
import { useLook } from './flamegraph/look.ts';
import { LookControls } from './flamegraph/look-controls.tsx';
import type { FlameWorkspaceProps } from './flamegraph/props.ts';
import { type TabId, TabRow } from './flamegraph/tab-row.tsx';
import { useProfile } from './flamegraph/use-profile.ts';
import { useSearch } from './flamegraph/use-search.ts';
import { useSteering } from './flamegraph/use-steering.tsx';
import './flamegraph/workspace.css';
import { FunctionsTable } from './functions/index.ts';
import { SandwichPane } from './sandwich-pane.tsx';
import { SUBSECOND_KEYS, SubsecondPanel } from './subsecond/index.ts';

/** The CPU profile: four views of one selection. A new run of the agent means new ids, so everything begins anew. */
export function FlameWorkspace(props: FlameWorkspaceProps) {
  return <ProfileWorkspace key={props.snapshot.device?.runId ?? ''} {...props} />;
}

function ProfileWorkspace(props: FlameWorkspaceProps) {
  const { snapshot, windows, data, selection, live, otherViews, onSelectionChange, copyText } = props;
  const look = useLook();
  const profile = useProfile(snapshot, windows, selection, look.options, look.inverted);
  const { tree, functions, names, coverage, facets, tables } = profile;
  const search = useSearch(profile);
  const costs = useMemo(() => selfTotal(tree, functions.count), [tree, functions]);
  const [tab, setTab] = useState<TabId>('flame');
  const [sandwiched, setSandwiched] = useState<number | null>(null);
  const [notice, tell] = useNotice();
  const { place, flame, searchBox, helps, setHelps, setSelected, obey } = useSteering(
    search,
    () => setTab('flame'),
    () => look.setRootOnTop(!look.rootOnTop),
  );
  const panelId = useId();
  const isEmpty = costs.all === 0;
  const otherTitles = otherViews.map(({ title }) => title);

  useErrand(props.errand ?? null, ({ tab: wanted, search: name }) => {
    if (wanted !== null) setTab(wanted as TabId);
    search.setText(name === '' ? '' : exactSearch(name));
  });
  const effects = {
    copy(text: string, what: string) {
      copyText(text);
      tell(what);
    },
    openSandwich(id: number) {
      setSandwiched(id);
      setTab('sandwich');
    },
    search(text: string) {
      search.setText(text);
    },
    hide: look.hide,
    select: (filter: Partial<typeof selection>) => onSelectionChange({ ...selection, ...filter }),
    showOther: (title: string) => otherViews.find((each) => each.title === title)?.show(),
  };
  const act = (action: FrameAction, node: number, of: CallTree, isCallersTree = look.inverted) =>
    runAction(action, { tree: of, node, names, isCallersTree }, effects);
  const corePercentOf = (samples: number) => corePercent(samples, coverage, snapshot.device?.onlineCpus);
  const showInGraph = (id: number) => {
    search.setText(exactSearch(names.name(id)));
    setTab('flame');
  };

  return (
    <div className="flame-workspace" ref={place}>
      <TabRow tab={tab} onTab={setTab} panelId={panelId}>
        <CoverageNote samples={costs.all} coverage={coverage} />
        {searchBox}
      </TabRow>
      <div className="flame-filters">
        <FilterRow {...{ selection, facets, tables, otherViews, onSelectionChange }} />
        <LookControls look={look} names={names} />
      </div>
      <div className="flame-panel" role="tabpanel" id={panelId} aria-labelledby={`${panelId}-${tab}`}>
        {isEmpty && tab !== 'heat' && (
          <EmptyState
            emptiness={whyEmpty(selection, facets, names, coverage, { windows: windows.windowCount, live })}
            range={selection.range}
            onShowAll={() => effects.select({ process: null, thread: null, container: null })}
          />
        )}
        <FlamePane
          {...{ profile, costs, look, live, corePercentOf }}
          otherTitles={otherTitles}
          matches={search.matches}
          hidden={tab !== 'flame' || isEmpty}
          handle={flame}
          onSelect={setSelected}
          onAction={act}
          onCommand={obey}
        />
        {tab === 'functions' && !isEmpty && (
          <FunctionsTable
            {...{ costs, names, live }}
            matches={search.isMatch}
            copyText={(text) => effects.copy(text, 'Copied')}
            onSandwich={effects.openSandwich}
            onShowInGraph={showInGraph}
          />
        )}
        {tab === 'sandwich' && !isEmpty && (
          <SandwichPane
            {...{ profile, costs, look, live, corePercentOf }}
            otherTitles={otherTitles}
            chosen={sandwiched}
            matcher={search.matcher}
            onChoose={setSandwiched}
            onAction={act}
            onCommand={obey}
          />
        )}
        {tab === 'heat' && (
          <SubsecondPanel
            {...{ snapshot, data, selection, live, onSelectionChange }}
            isWidened={profile.isWidened}
            onShowInGraph={() => setTab('flame')}
          />
        )}
      </div>
      <p className={notice ? 'notice notice-on' : 'notice'} role="status">
        {notice}
      </p>
      {helps && (
        <KeyHelp
          {...(tab === 'heat' ? { of: 'heat map', keys: SUBSECOND_KEYS } : {})}
          onClose={() => setHelps(false)}
        />
      )}
    </div>
  );
}
