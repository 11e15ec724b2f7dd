import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { Normalisation } from '../../remote-agent/protocol/statistics/index.ts';
import { type CallTree, exactSearch } from '../derive/index.ts';
import { useRemembered } from '../widgets/remembered.ts';
import { FunctionsDiff } from './compare/functions-diff.tsx';
import { DiffLegend } from './compare/legend.tsx';
import type { ProfileComparison } from './compare/use-comparison.ts';
import { diffRows, PER } from './compare/words.ts';
import type { FrameAction } from './flamegraph/actions.ts';
import { Breadcrumb } from './flamegraph/breadcrumb.tsx';
import { sameZoom } from './flamegraph/flame-pane.tsx';
import { FlamePicture, type ZoomState } from './flamegraph/flame-picture.tsx';
import { runAction } from './flamegraph/frame-actions.ts';
import { KeyHelp } from './flamegraph/key-help.tsx';
import { useSearch } from './flamegraph/use-search.ts';
import { useSteering } from './flamegraph/use-steering.tsx';
import './flamegraph/workspace.css';

export interface ProfileDiffProps {
  readonly profile: ProfileComparison;
  readonly swaps: number;
  /** null = not on the screen, but keeps where it was. */
  readonly shows: 'flame' | 'functions' | null;
  readonly by: Normalisation;
  readonly controls: ReactNode;
  readonly copy: (text: string, what: string) => void;
  readonly onShow: (what: 'flame' | 'functions') => void;
}

const NOT_ZOOMED: ZoomState = { path: [], reached: 0, canGoBack: false };
const OFFERS: ReadonlySet<FrameAction> = new Set<FrameAction>(['zoom', 'search', 'copy-name', 'copy-stack']);
const NO_KINDS: ReadonlySet<never> = new Set();

/** The differential flame graph and its table, behind one search. */
export function ProfileDiff({ profile, swaps, shows, by, controls, copy, onShow }: ProfileDiffProps) {
  const { diff, merged } = profile;
  const { tree } = diff;
  const { names, functions } = merged;
  const searched = useMemo(() => ({ names, shown: tree }), [names, tree]);
  const search = useSearch(searched);
  const [rootOnTop, setRootOnTop] = useRemembered('flamegraph.root-on-top', ['yes', 'no'] as const, 'yes');
  const [zoom, setZoom] = useState(NOT_ZOOMED);
  const { place, flame, searchBox, helps, setHelps, setSelected, obey } = useSteering(
    search,
    () => onShow('flame'),
    () => setRootOnTop(rootOnTop === 'yes' ? 'no' : 'yes'),
  );
  const act = (action: FrameAction, node: number, of: CallTree) =>
    runAction(action, { tree: of, node, names, isCallersTree: false }, { ...NO_EFFECTS, copy, search: search.setText });
  return (
    <div className="compare-profile" ref={place} hidden={shows === null}>
      <div className="compare-bar">
        {controls}
        {searchBox}
      </div>
      {by === 'total' && profile.of === null && (
        <p className="compare-bar compare-hint" role="status">
          Choose a function that has samples on both sides. Until then 100 % are all samples.
        </p>
      )}
      <div className="flame-pane" hidden={shows !== 'flame'}>
        <div className="flame-pane-bar">
          <Breadcrumb
            zoom={zoom}
            names={names}
            onZoom={(path) => flame.current?.zoomTo(path)}
            onBack={() => flame.current?.back()}
          />
          <DiffLegend />
        </div>
        <FlamePicture
          key={swaps}
          label={`Differential flame graph, shares ${PER[diff.basis.by]}`}
          hasFactsLine
          handle={flame}
          {...{ tree, names, functions }}
          rootOnTop={rootOnTop === 'yes'}
          matches={search.matches}
          dimmed={NO_KINDS}
          isAnimated
          changes={diff.step}
          all={tree.total[0] ?? 0}
          corePercentOf={() => null}
          otherTitles={[]}
          offers={OFFERS}
          rowsOf={(node, of) => (of === tree ? diffRows(diff, node) : [])}
          onSelect={setSelected}
          onZoom={(next) => setZoom((old) => (sameZoom(old, next) ? old : next))}
          onAction={act}
          onCommand={obey}
        />
      </div>
      {shows === 'functions' && (
        <FunctionsDiff
          profile={profile}
          isMatch={search.isMatch}
          copyText={copy}
          onShowInGraph={(id) => {
            search.setText(exactSearch(names.name(id)));
            onShow('flame');
          }}
        />
      )}
      {helps && <KeyHelp onClose={() => setHelps(false)} />}
    </div>
  );
}

/** What the menu does not offer. */
const NO_EFFECTS = { openSandwich() {}, hide() {}, select() {}, showOther() {} };
