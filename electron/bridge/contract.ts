/**
 * The whole IPC of Sonde, as types.
 *
 *   window ── Requests ──▶ main      (invoke, one answer each; main validates sender and payload)
 *   window ◀── Events ──── main      (few: a file was opened, the menu was used)
 *   window ◀─ PortToWindow / PortToHost ─▶ session host   (one MessagePort per session; main is not in the way)
 *
 * Only types and constants live here, so that the renderer may import it.
 */
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import type { Signal } from '../../remote-agent/protocol/signal.ts';

/** What the connect form (or command line) says. Secrets are never in here; they are asked for when needed. */
export interface Target {
  /** `[user@]host[:port]` or a Host of ~/.ssh/config. */
  readonly destination: string;
  /** Private key files to try first; empty = those of ~/.ssh/config and the defaults. */
  readonly identityFiles: readonly string[];
  /** null = ~/.ssh/known_hosts */
  readonly knownHostsFile: string | null;
  /** What is to run from the start, at least one, each probe once. */
  readonly probes: readonly ProbeChoice[];
}

export interface ProbeChoice {
  /** Manifest id. */
  readonly probe: string;
  /** By manifest option name. */
  readonly options: Readonly<Record<string, string>>;
}

/** What a window starts where nobody chose. */
export const DEFAULT_PROBES = ['cpu-profile', 'syscalls'] as const;

export interface RecentDevice {
  readonly destination: string;
  readonly identityFiles: readonly string[];
  readonly lastUsedMs: number;
  readonly hostname: string;
  readonly osName: string;
}

export interface RecentRecording {
  readonly file: string;
  readonly hostname: string;
  readonly startedMs: number;
  readonly bytes: number;
}

/** csv and json hold tables, the others CPU profiles. */
export type ExportFormat = 'csv' | 'folded' | 'json' | 'pprof' | 'speedscope';
/** Of csv and json: which windows they are made of, and how. slow has single calls. */
export type ExportTable = 'calls' | 'dns' | 'drops' | 'errors' | 'flows' | 'slow';
export interface ExportKind {
  readonly format: ExportFormat;
  /** null = the format's only one, or its usual one. */
  readonly table: ExportTable | null;
}

/** window → main. Every answer is `{ ok }` or a Fault: see Answer. */
export interface Requests {
  'app-info': { args: []; result: { version: string; electron: string; sampleRecording: boolean; user: string } };
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
  'show-in-folder': { args: [file: string]; result: void };
  'copy-text': { args: [text: string]; result: void };
}
export type RequestName = keyof Requests;
export type Answer<N extends RequestName> =
  | { readonly ok: true; readonly value: Requests[N]['result'] }
  | { readonly ok: false; readonly fault: Fault };

/** main → window. Events that come before the first listener are kept for it. */
export interface Events {
  /** A double-clicked file or the command line, of this start or of a second one, chose it: main has opened it. */
  'session-opened':
    | { readonly sessionId: string; readonly kind: 'live'; readonly target: Target }
    | { readonly sessionId: string; readonly kind: 'recording' };
  /** From the menu. */
  command: { readonly name: 'open-recording' | 'disconnect' | 'find' };
}
export type EventName = keyof Events;

/** What the session shows of itself: a projection of electron/session's state machine. */
export type SessionView =
  | { readonly kind: 'connecting'; readonly steps: readonly StepView[]; readonly prompt: Prompt | null }
  | {
      readonly kind: 'live';
      readonly steps: readonly StepView[];
      readonly link: LinkView;
      readonly recording: RecordingView;
    }
  | {
      readonly kind: 'reconnecting';
      /** Workstation wall clock (Date.now()), as is giveUpMs. */
      readonly sinceMs: number;
      readonly attempt: number;
      readonly giveUpMs: number;
      readonly why: string;
      readonly recording: RecordingView;
    }
  | {
      readonly kind: 'ended';
      readonly fault: Fault | null;
      readonly steps: readonly StepView[];
      readonly recording: RecordingView | null;
    }
  | {
      readonly kind: 'replay';
      readonly file: string;
      readonly bytes: number;
      readonly progress: number;
      readonly complete: boolean;
      readonly warning: Fault | null;
    };

/** The steps of getting to a live picture, in order. */
export const STEP_IDS = [
  'ssh',
  'detect',
  'become-root',
  'upload-loader',
  'upload-node',
  'upload-agent',
  'start-agent',
  'start-probe',
] as const;
export type StepId = (typeof STEP_IDS)[number];
export interface StepView {
  readonly id: StepId;
  readonly state: 'waiting' | 'running' | 'done' | 'skipped' | 'failed';
  /** What it is doing, or what it found: "Node 18.19 on the device", "sending 24 MB". */
  readonly detail: string;
  /** 0..1, null where it cannot be known. */
  readonly progress: number | null;
  readonly elapsedMs: number;
}

export interface LinkView {
  readonly rttMs: number | null;
  readonly bytesPerSecond: number;
  readonly user: string;
  readonly address: string;
  /** Windows the agent merged because the link was slow, or to stay within its own budget. */
  readonly mergedWindows: number;
}

export interface RecordingView {
  readonly file: string;
  readonly bytes: number;
  readonly seconds: number;
  /** Set when the recording could not go on (disk full …); the session lives on. */
  readonly fault: Fault | null;
}

export type Prompt =
  | {
      readonly kind: 'host-key';
      readonly id: number;
      readonly host: string;
      readonly algorithm: string;
      readonly fingerprint: string;
    }
  | {
      readonly kind: 'secret';
      readonly id: number;
      readonly purpose: 'password' | 'passphrase' | 'sudo' | 'keyboard-interactive';
      readonly text: string;
      readonly retry: boolean;
    };

/**
 * session host → window, over the session's port. The host stays for exports after `ended` and until the port is closed
 * or `close-session`; a port that closes by itself means that the host process died.
 */
export type PortToWindow =
  | { readonly kind: 'state'; readonly view: SessionView }
  /** Acknowledge with `ack` after it was published; at most MAX_UNACKED batches are under way. */
  | { readonly kind: 'signals'; readonly batch: number; readonly signals: readonly Signal[] }
  | { readonly kind: 'exported'; readonly request: number; readonly file: string; readonly fault: Fault | null }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** window → session host, over the session's port */
export type PortToHost =
  | { readonly kind: 'ack'; readonly batch: number }
  | { readonly kind: 'answer'; readonly prompt: number; readonly value: string | boolean | null }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'reconnect-now' }
  /** In the place of a run of it with other options. What became of it comes as a probe signal. Live sessions only. */
  | ({ readonly kind: 'start-probe' } & ProbeChoice)
  | { readonly kind: 'stop-probe'; readonly probe: string }
  /** fromNs/toNs null = all. Device monotonic. */
  | ({
      readonly kind: 'export';
      readonly request: number;
      readonly file: string;
      readonly fromNs: number | null;
      readonly toNs: number | null;
    } & ExportKind);

/** Back-pressure: more than this many batches are never on their way to the window. */
export const MAX_UNACKED = 4;

/**
 * A session's MessagePort cannot cross the context bridge: preload posts it to the page's own window. The page takes it
 * through onSessionPort of window-ports.ts, never by hand. It comes once per session, before or after the answer to
 * `connect` / `open-recording` and the event `session-opened`: match them by sessionId.
 */
export interface SessionPortMessage {
  readonly kind: typeof PORT_MESSAGE;
  readonly sessionId: string;
}
export const PORT_MESSAGE = 'sonde:session-port';
/** Page → preload: somebody listens now. */
export const PORTS_WANTED_MESSAGE = 'sonde:session-ports-wanted';

/** What preload puts on `window.sonde`. */
export interface SondeBridge {
  request<N extends RequestName>(name: N, ...args: Requests[N]['args']): Promise<Answer<N>>;
  /** Returns its own closer. */
  on<N extends EventName>(name: N, listener: (event: Events[N]) => void): () => void;
  /** Real path of a dropped File; '' where it has none. */
  pathOfFile(file: File): string;
}
