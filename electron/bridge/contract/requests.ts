import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { CleanUpRules, Deleted, DeleteWay, Library } from '../library.ts';
import type { ForgottenKey, SecretStoreView, Settings, SettingsView } from '../settings.ts';
import type { ExportFormat } from './exports.ts';
import type { RecentDevice, RecentRecording, Target } from './target.ts';

/** window → main. Every answer is `{ ok }` or a Fault: see Answer. */
export interface Requests {
  'app-info': {
    args: [];
    /** isFirstStart: nobody has yet put the first screen away. */
    result: { version: string; electron: string; sampleRecording: boolean; user: string; isFirstStart: boolean };
  };
  'dismiss-welcome': { args: []; result: void };
  settings: { args: []; result: SettingsView };
  /** Kept and applied at once. */
  'set-settings': { args: [settings: Settings]; result: SettingsView };
  /** Asks with the system's dialog. result null = cancelled. */
  'choose-recordings-folder': { args: []; result: string | null };
  /** Out of the user's own known_hosts files: the next connection asks again. */
  'forget-host-key': { args: [destination: string]; result: ForgottenKey };
  'secret-store': { args: []; result: SecretStoreView };
  'forget-secret': { args: [id: string]; result: void };
  /** To `quit-asked`. false: nobody wants to leave after all. */
  'answer-quit': { args: [leave: boolean]; result: void };
  'recent-devices': { args: []; result: readonly RecentDevice[] };
  'forget-device': { args: [destination: string]; result: void };
  'recent-recordings': { args: []; result: readonly RecentRecording[] };
  /** Starts a session host; its port arrives by window-ports.ts. Refused while one to the same destination is being made. */
  connect: { args: [target: Target]; result: { sessionId: string } };
  /** file null = ask with the system's dialog; 'sample' = the recording that ships with Sonde. result null = cancelled. */
  'open-recording': { args: [file: string | null]; result: { sessionId: string } | null };
  /** Ends the session and then its host; the recording is kept. */
  'close-session': { args: [sessionId: string]; result: void };
  'choose-key-file': { args: []; result: string | null };
  /** Asks where to save. result null = cancelled. */
  'choose-export-file': { args: [suggestedName: string, format: ExportFormat]; result: string | null };
  /** As choose-export-file, for a redacted recording. */
  'choose-share-file': { args: [suggestedName: string]; result: string | null };
  /** As choose-export-file, for packets. */
  'choose-capture-file': { args: [suggestedName: string]; result: string | null };
  'has-wireshark': { args: []; result: boolean };
  /** Of a file chosen for a capture in this start of Sonde, no other. */
  'open-in-wireshark': { args: [file: string]; result: void };
  library: { args: []; result: Library };
  /** '' = none. */
  'note-recording': { args: [file: string, note: string]; result: void };
  /** Never cleaned up. */
  'keep-recording': { args: [file: string, isKept: boolean]; result: void };
  'delete-recordings': { args: [files: readonly string[], way: DeleteWay]; result: readonly Deleted[] };
  'set-clean-up-rules': { args: [rules: CleanUpRules]; result: void };
  /** Those of the files that go by the rules as they are then. */
  'clean-up': { args: [files: readonly string[], way: DeleteWay]; result: readonly Deleted[] };
  'show-in-folder': { args: [file: string]; result: void };
  'copy-text': { args: [text: string]; result: void };
}
export type RequestName = keyof Requests;
export type Answer<N extends RequestName> =
  | { readonly ok: true; readonly value: Requests[N]['result'] }
  | { readonly ok: false; readonly fault: Fault };

export type MenuCommand = 'open-recording' | 'library' | 'disconnect' | 'find' | 'settings' | 'welcome';

/** main → window. Events that come before the first listener are kept for it. */
export interface Events {
  /** A double-clicked file or the command line, of this start or of a second one, chose it: main has opened it. */
  'session-opened':
    | { readonly sessionId: string; readonly kind: 'live'; readonly target: Target }
    | { readonly sessionId: string; readonly kind: 'recording' };
  /** More is known of its recordings than when it was asked for. */
  'library-changed': Readonly<Record<string, never>>;
  /** From the menu. */
  command: { readonly name: MenuCommand };
  /** The window is to be closed while a device is watched. Unanswered, a second time closes it. */
  'quit-asked': Readonly<Record<string, never>>;
}
export type EventName = keyof Events;

/** What preload puts on `window.sonde`. */
export interface SondeBridge {
  request<N extends RequestName>(name: N, ...args: Requests[N]['args']): Promise<Answer<N>>;
  /** Returns its own closer. */
  on<N extends EventName>(name: N, listener: (event: Events[N]) => void): () => void;
  /** Real path of a dropped File; '' where it has none. */
  pathOfFile(file: File): string;
}
