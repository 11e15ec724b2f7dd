import type { CaptureView, FlightView, LinkView, Mark, SessionView, Target } from '../../electron/bridge/contract.ts';
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Selection } from '../store/index.ts';
import type { PlaybackState } from './playback.ts';

export type SessionOrigin = { readonly kind: 'live'; readonly target: Target } | { readonly kind: 'recording' };

/** What the screens show of a session besides its data. */
export interface SessionState {
  /** null until the host has said its first word. */
  readonly view: SessionView | null;
  /** Last known, also while the link is away. */
  readonly link: LinkView | null;
  /** Whether the device could be reached when the last state but an end was told. */
  readonly linkUp: boolean;
  /** The newest failure that did not end the session. */
  readonly notice: Fault | null;
  readonly selection: Selection;
  /** What Resume goes back to. */
  readonly following: Selection['range'];
  /** Where the axis ended when the selection was fixed: the axis stands still with it. null while it follows. */
  readonly held: { readonly firstNs: number; readonly lastNs: number } | null;
  readonly exporting: boolean;
  /** The one that runs or the last one, until it is dismissed. */
  readonly capture: CaptureView | null;
  /** Of a live session; null = nothing was told yet. */
  readonly flight: FlightView | null;
  /** In no order. */
  readonly marks: readonly Mark[];
  readonly canUndoMarks: boolean;
  readonly playback: PlaybackState;
}

/** A view that was never live or replaying has nothing to show but its steps. */
export function showsData(view: SessionView | null, hasData: boolean): boolean {
  if (view === null || view.kind === 'connecting') return false;
  return view.kind === 'ended' ? hasData : true;
}
