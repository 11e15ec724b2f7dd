/** What a session shows of itself. */
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import type { Stretch } from '../../../remote-agent/protocol/marks.ts';

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
      /** The file of another profiler that it was made from; it is gone when it is closed. null = it is a recording. */
      readonly importedFrom: string | null;
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
