import type { ProbeColumns, ProbeData, Selection, StoreSnapshot } from '../../store/model.ts';
import type { Errand } from '../errand.ts';
import type { OtherView } from '../other-view.ts';

/** What the app shell hands to the workspace, and what it gets back. */
export interface FlameWorkspaceProps {
  /** A new object whenever its version rose (at most four times a second while live). */
  readonly snapshot: StoreSnapshot;
  /** Of the probe whose samples are shown. */
  readonly windows: ProbeColumns;
  /** All that is known of that probe, also outside the selected ranges. */
  readonly data: ProbeData;
  /** Time range and process / thread / container, shared by all views. */
  readonly selection: Selection;
  /** false in replay or while paused. */
  readonly live: boolean;
  readonly otherViews: readonly OtherView[];
  /** What it was sent for from elsewhere; not there or null = nothing. */
  readonly errand?: Errand | null;
  onSelectionChange(next: Selection): void;
  copyText(text: string): void;
}
