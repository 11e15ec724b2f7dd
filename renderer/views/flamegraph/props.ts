import type { Selection, StoreSnapshot } from '../../store/model.ts';

/** What the app shell hands to the workspace, and what it gets back. */
export interface FlameWorkspaceProps {
  /** A new object whenever its version rose (at most four times a second while live). */
  readonly snapshot: StoreSnapshot;
  /** Time range and process / thread / container, shared by all views. */
  readonly selection: Selection;
  /** false in replay or while paused. */
  readonly live: boolean;
  onSelectionChange(next: Selection): void;
  copyText(text: string): void;
}
