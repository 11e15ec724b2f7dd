import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Library } from '../../electron/bridge/library.ts';
import type { SecretStoreView, SettingsView } from '../../electron/bridge/settings.ts';
import type { RecentDevice, RecentRecording, Target } from '../../electron/bridge/contract.ts';
import type { Session } from './session.ts';

export type Screen =
  /** `busy`: what is being opened, in words, or null. */
  | { readonly kind: 'start'; readonly fault: Fault | null; readonly busy: string | null }
  | { readonly kind: 'library' }
  | { readonly kind: 'session'; readonly session: Session };

export interface Toast {
  readonly id: number;
  readonly text: string;
  /** Offers to show it in its folder. */
  readonly file: string | null;
  readonly fault: Fault | null;
}

/** Asked before something that cannot be undone. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Asked when the window is to be closed while a device is watched. */
export type QuitState =
  /** fault: why the device could not be told to go on by itself. */
  { readonly kind: 'asking'; readonly fault: Fault | null } | { readonly kind: 'starting' };

export interface AppState {
  readonly screen: Screen;
  readonly version: string;
  readonly hasSampleRecording: boolean;
  /** Login name on this workstation: what ssh uses where the destination names nobody. */
  readonly user: string;
  /** What was last tried, so that a mistyped name is corrected and not typed again. */
  readonly lastTarget: Target | null;
  readonly devices: readonly RecentDevice[];
  readonly recordings: readonly RecentRecording[];
  /** null = not asked for yet. */
  readonly library: Library | null;
  readonly toasts: readonly Toast[];
  readonly question: Question | null;
  /** null = not asked for yet. */
  readonly settings: SettingsView | null;
  /** null = not asked for yet. */
  readonly secretStore: SecretStoreView | null;
  /** Lies over whatever is shown, which goes on. */
  readonly overlay: 'settings' | 'welcome' | null;
  readonly quit: QuitState | null;
}

export const FIRST_STATE: AppState = {
  screen: { kind: 'start', fault: null, busy: null },
  version: '',
  hasSampleRecording: false,
  user: '',
  lastTarget: null,
  devices: [],
  recordings: [],
  library: null,
  toasts: [],
  question: null,
  settings: null,
  secretStore: null,
  overlay: null,
  quit: null,
};
