import { useMemo, useState } from 'react';
import type { Ref } from 'react';
import { type Profile, type SelfTotal, samePath } from '../../derive/index.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { type FlameHandle, FlamePicture, type FlamePictureProps, type ZoomState } from './flame-picture.tsx';
import { kindShares } from './kind-shares.ts';
import { Legend } from './legend.tsx';
import type { Look } from './look.ts';

export interface FlamePaneProps
  extends Pick<FlamePictureProps, 'onAction' | 'onCommand' | 'onSelect' | 'corePercentOf' | 'otherTitles'> {
  readonly profile: Profile;
  readonly costs: SelfTotal;
  readonly look: Look;
  readonly live: boolean;
  readonly matches: FlamePictureProps['matches'];
  /** Not on the screen, but keeps where it was. */
  readonly hidden: boolean;
  readonly handle: { readonly current: FlameHandle | null } & Ref<FlameHandle>;
}

const NOT_ZOOMED: ZoomState = { path: [], reached: 0, canGoBack: false };

/** The flame graph with the way to the zoomed frame above it, and the legend of its colours. */
export function FlamePane({ profile, costs, look, live, hidden, handle, ...rest }: FlamePaneProps) {
  const [zoom, setZoom] = useState(NOT_ZOOMED);
  const shares = useMemo(() => kindShares(costs, profile.functions), [costs, profile.functions]);
  return (
    <div className="flame-pane" hidden={hidden}>
      <div className="flame-pane-bar">
        <Breadcrumb
          zoom={zoom}
          names={profile.names}
          onZoom={(path) => handle.current?.zoomTo(path)}
          onBack={() => handle.current?.back()}
        />
        <Legend shares={shares} dimmed={look.dimmed} onToggle={look.toggleKind} />
      </div>
      <FlamePicture
        // Inverted or grouped otherwise, no way through the tree means what it meant: the picture begins anew.
        key={`${look.inverted} ${look.options.grouping}`}
        {...rest}
        label="Flame graph of the CPU profile"
        hasFactsLine
        handle={handle}
        tree={profile.shown}
        names={profile.names}
        functions={profile.functions}
        rootOnTop={look.rootOnTop}
        dimmed={look.dimmed}
        isAnimated={live}
        all={costs.all}
        onZoom={(next) => setZoom((before) => (sameZoom(before, next) ? before : next))}
      />
    </div>
  );
}

/** A drag reports every step, and hardly any of them is news. */
export function sameZoom(a: ZoomState, b: ZoomState): boolean {
  return a.reached === b.reached && a.canGoBack === b.canGoBack && samePath(a.path, b.path);
}
