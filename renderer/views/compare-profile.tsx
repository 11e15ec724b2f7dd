import { useMemo, useRef, useState } from 'react';
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
import { type FlameHandle, FlamePicture, type ZoomState } from './flamegraph/flame-picture.tsx';
import { runAction } from './flamegraph/frame-actions.ts';
import { KeyHelp } from './flamegraph/key-help.tsx';
import type { FlameCommand } from './flamegraph/keys.ts';
import { SearchBox } from './flamegraph/search-box.tsx';
import { useSearch } from './flamegraph/use-search.ts';
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
  const [selected, setSelected] = useState<number | null>(null);
  const [helps, setHelps] = useState(false);
  const flame = useRef<FlameHandle>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  const step = (direction: 1 | -1) => {
    const node = search.step(selected, direction);
    if (node === null) return;
    onShow('flame');
    flame.current?.reveal(node);
  };
  const obey = (command: FlameCommand) => {
    if (command === 'search') searchInput.current?.select();
    else if (command === 'next-match') step(1);
    else if (command === 'previous-match') step(-1);
    else if (command === 'orientation') setRootOnTop(rootOnTop === 'yes' ? 'no' : 'yes');
    else if (command === 'help') setHelps(true);
  };
  const act = (action: FrameAction, node: number, of: CallTree) =>
    runAction(action, { tree: of, node, names, isCallersTree: false }, { ...NO_EFFECTS, copy, search: search.setText });
  return (
    <div className="compare-profile" hidden={shows === null}>
      <div className="compare-bar">
        {controls}
        <SearchBox
          inputRef={searchInput}
          text={search.text}
          result={search.result(selected)}
          onText={search.setText}
          onStep={step}
          onLeave={() => flame.current?.focus()}
        />
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
