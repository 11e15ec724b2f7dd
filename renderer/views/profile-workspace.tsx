import { useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import {
  callersCallees,
  type CallTree,
  corePercent,
  isFunctionKey,
  type NodePath,
  type Profile,
  pathOf,
  followPath,
  ROOT,
  selfTotal,
} from '../derive/index.ts';
import type { FrameAction } from './flamegraph/actions.ts';
import { Breadcrumb } from './flamegraph/breadcrumb.tsx';
import { CoverageNote } from './flamegraph/coverage-note.tsx';
import { whyEmpty } from './flamegraph/emptiness.ts';
import { EmptyState } from './flamegraph/empty-state.tsx';
import { FilterRow } from './flamegraph/filter-row.tsx';
import { type FlameHandle, FlamePicture, type ZoomState } from './flamegraph/flame-picture.tsx';
import { runAction } from './flamegraph/frame-actions.ts';
import { KeyHelp } from './flamegraph/key-help.tsx';
import type { FlameCommand } from './flamegraph/keys.ts';
import { kindShares } from './flamegraph/kind-shares.ts';
import { Legend } from './flamegraph/legend.tsx';
import { useLook } from './flamegraph/look.ts';
import { LookControls } from './flamegraph/look-controls.tsx';
import type { FlameWorkspaceProps } from './flamegraph/props.ts';
import { SearchBox } from './flamegraph/search-box.tsx';
import { type TabId, TabRow } from './flamegraph/tab-row.tsx';
import { useNotice } from './flamegraph/use-notice.ts';
import { useProfile } from './flamegraph/use-profile.ts';
import { useSearch } from './flamegraph/use-search.ts';
import { FunctionsTable } from './functions/index.ts';
import { FunctionPicker } from './flamegraph/function-picker.tsx';
import { SandwichView } from './sandwich/index.ts';

/** The CPU profile: three views of one selection. A new run of the agent means new ids, so everything begins anew. */
export function FlameWorkspace(props: FlameWorkspaceProps) {
  return <ProfileWorkspace key={props.snapshot.device?.runId ?? ''} {...props} />;
}
