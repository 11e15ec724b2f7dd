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
import type { Mark, Stretch } from '../../remote-agent/protocol/marks.ts';
import type { SeriesData } from '../../remote-agent/protocol/series.ts';
import type { MonotonicNs, Signal } from '../../remote-agent/protocol/signal.ts';
import type { CleanUpRules, Deleted, DeleteWay, Library } from './library.ts';
import type { RedactionPreview, RedactionRules } from './redaction.ts';

export type { Mark, RedactionPreview, RedactionRules, SeriesData, Stretch };

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
  /** false: nothing is recorded; what just happened can still be kept. */
  readonly record?: boolean;
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

/** csv, json, jsonl and parquet hold tables, html and perfetto whatever was recorded, the others CPU profiles. */
export const EXPORT_FORMATS = [
  'csv',
  'firefox',
  'folded',
  'html',
  'json',
  'jsonl',
  'parquet',
  'perfetto',
  'png',
  'pprof',
  'speedscope',
  'svg',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** Of tables: which windows they are made of, and how. slow has single calls. */
export type ExportTable = 'calls' | 'dns' | 'drops' | 'errors' | 'flows' | 'slow';
export interface ExportKind {
  readonly format: ExportFormat;
  /** null = the format's only one, or its usual one. */
  readonly table: ExportTable | null;
}

/** Packets of the device, into a file that the user chose in the dialog of `choose-capture-file`. */
export interface CaptureOrder {
  readonly file: string;
  /** pcap syntax; '' = everything. */
  readonly filter: string;
  /** Bytes taken of each packet. */
  readonly snapBytes: number;
  /** Bytes of packets per second; null = no limit. */
  readonly rateBytes: number | null;
  /** The file gets no larger; null = no limit. */
  readonly maxBytes: number | null;
  readonly maxSeconds: number | null;
}

export interface CaptureCount {
  /** In the file, and the bytes of the network they stand for. */
  readonly packets: number;
  readonly packetBytes: number;
  readonly fileBytes: number;
  readonly lostPackets: number;
}

/** One capture at a time; the last one's end is shown until the next. */
export type CaptureView =
  | { readonly kind: 'starting'; readonly order: CaptureOrder }
  | {
      readonly kind: 'running';
      readonly order: CaptureOrder;
      readonly count: CaptureCount;
      readonly seconds: number;
      readonly isStopping: boolean;
      /** Sonde's own SSH connection could not be told from others, so its packets are in the file. */
      readonly hasOwn: boolean;
    }
  | {
      readonly kind: 'ended';
      readonly order: CaptureOrder;
      readonly how: 'asked' | 'max-seconds' | 'max-size' | 'failed';
      readonly count: CaptureCount;
      readonly seconds: number;
      /** false: nothing was written, and what was there before is untouched. */
      readonly hasFile: boolean;
      readonly fault: Fault | null;
    };

/** What the device is to record by itself, also when this window is closed and the link is cut. */
export interface UnattendedOrder {
  readonly probes: readonly ProbeChoice[];
  readonly forS: number;
  readonly maxBytes: number;
  /** As protocol/triggers.ts writes them. None: all is kept; else only what is around one that fires. */
  readonly triggers: readonly string[];
  readonly beforeS: number;
  readonly afterS: number;
}

/** A recording that a device has made, or makes, by itself. */
export interface DeviceRecording {
  readonly id: string;
  readonly running: boolean;
  /** What it does, or why it does nothing any more. */
  readonly state: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly probes: readonly string[];
  readonly firings: number;
}

/** What is kept beside the recording of a live session. */
export interface FlightView {
  /** Looked for on the device while the session lives. */
  readonly triggers: readonly string[];
  /** What is around one that fires becomes a recording of its own. */
  readonly keepsTriggered: boolean;
  /** On the device; null = nobody has looked yet. */
  readonly waiting: readonly DeviceRecording[] | null;
  /** progress 0…1; null = not known. */
  readonly busy: { readonly text: string; readonly progress: number | null } | null;
  /** Recordings that came of it, newest first. */
  readonly kept: readonly { readonly file: string; readonly text: string }[];
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

/** main → window. Events that come before the first listener are kept for it. */
export interface Events {
  /** A double-clicked file or the command line, of this start or of a second one, chose it: main has opened it. */
  'session-opened':
    | { readonly sessionId: string; readonly kind: 'live'; readonly target: Target }
    | { readonly sessionId: string; readonly kind: 'recording' };
  /** More is known of its recordings than when it was asked for. */
  'library-changed': Readonly<Record<string, never>>;
  /** From the menu. */
  command: { readonly name: 'open-recording' | 'library' | 'disconnect' | 'find' };
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
      /** All of the recording; null until it is known. */
      readonly extent: Stretch | null;
      /** What the window holds now. stepNs: how coarse its windows are, 0 = as they were recorded. */
      readonly loaded: (Stretch & { readonly stepNs: number }) | null;
      /** An untidy file is put in order, before anything is shown of it: `progress` is of that. */
      readonly tidying: boolean;
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
  /** Both null: a newer one was asked for meanwhile. */
  | {
      readonly kind: 'redaction-preview';
      readonly request: number;
      readonly preview: RedactionPreview | null;
      readonly fault: Fault | null;
    }
  /** On opening, and after each change. */
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] }
  /** Of a long recording, whose windows come a range at a time: the tracks of all of it. */
  | { readonly kind: 'series'; readonly series: readonly SeriesData[] }
  /**
   * The windows and costs between the two are those of another range: they take the place of what is shown, all at once,
   * when it ends. A second beginning drops what came since the first. Tables and events stay.
   */
  | { readonly kind: 'refill'; readonly phase: 'begins' | 'ends' }
  | { readonly kind: 'capture'; readonly view: CaptureView }
  /** Live sessions only: first when it is live, then after each change. */
  | { readonly kind: 'flight'; readonly view: FlightView }
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
  /** Over the same connection; what becomes of it comes as `capture`. Live sessions only. */
  | { readonly kind: 'start-capture'; readonly order: CaptureOrder }
  | { readonly kind: 'stop-capture' }
  /** What just happened, into a recording of its own. What becomes of it, and of the next four, comes as `flight` or `fault`. */
  | { readonly kind: 'keep-last'; readonly seconds: number }
  /** In the place of those before. */
  | { readonly kind: 'set-triggers'; readonly triggers: readonly string[]; readonly keep: boolean }
  | { readonly kind: 'record-unattended'; readonly order: UnattendedOrder }
  /** Ends it if it still goes on, brings it, deletes it on the device. */
  | { readonly kind: 'fetch-recording'; readonly id: string }
  | { readonly kind: 'delete-recording'; readonly id: string }
  /** All of them, the last message wins. Into the recording, where it can be written. */
  | { readonly kind: 'set-marks'; readonly marks: readonly Mark[] }
  /** Of a recording that is too long to be held whole. null = all of it. */
  | { readonly kind: 'show-range'; readonly fromNs: MonotonicNs | null; readonly toNs: MonotonicNs | null }
  /** What is in the recording, and what of it would leave as what. Comes as `redaction-preview`. */
  | { readonly kind: 'preview-redaction'; readonly request: number; readonly rules: RedactionRules }
  /** Redacted; what null = a whole recording. Its end comes as `exported`. */
  | {
      readonly kind: 'share';
      readonly request: number;
      readonly file: string;
      readonly rules: RedactionRules;
      readonly what: ExportKind | null;
      readonly fromNs: number | null;
      readonly toNs: number | null;
    }
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
