/** What the command line needs from its surroundings; tests put fakes here. */
import type { startCapture } from '../capture/index.ts';
import type {
  becomeRoot,
  deleteUnattended,
  detect,
  findArtifacts,
  install,
  installLoader,
  listUnattended,
  preflight,
  remove,
  startUnattended,
  stopUnattended,
} from '../device/index.ts';
import type { fetchUnattended, liveDeps, startSession } from '../session/index.ts';
import type { connect } from '../ssh/index.ts';

/** The rooms that reach a device. */
export interface Rooms {
  readonly connect: typeof connect;
  readonly detect: typeof detect;
  readonly becomeRoot: typeof becomeRoot;
  readonly preflight: typeof preflight;
  readonly remove: typeof remove;
  readonly findArtifacts: typeof findArtifacts;
  readonly install: typeof install;
  readonly installLoader: typeof installLoader;
  readonly startUnattended: typeof startUnattended;
  readonly listUnattended: typeof listUnattended;
  readonly stopUnattended: typeof stopUnattended;
  readonly deleteUnattended: typeof deleteUnattended;
  readonly fetchUnattended: typeof fetchUnattended;
  readonly startCapture: typeof startCapture;
  readonly startSession: typeof startSession;
  readonly liveDeps: typeof liveDeps;
}

/** Where a person sits, whatever stdin and stdout are connected to. */
export interface Terminal {
  /** null = the person gave up (Ctrl-C, Ctrl-D). Not shown while typed where `secret`. */
  ask(question: string, secret: boolean): Promise<string | null>;
}

export interface World {
  readonly stdout: {
    readonly isTerminal: boolean;
    /** Of the terminal. */
    readonly columns: number;
    readonly rows: number;
    /** Resolves when the next piece may come. */
    write(piece: string | Uint8Array): Promise<void>;
  };
  readonly stderr: { readonly isTerminal: boolean; readonly columns: number; write(text: string): void };
  /** null where there is none: cron, a pipeline of a CI system. */
  readonly terminal: Terminal | null;
  /** Asks with the program that SSH_ASKPASS names; null where none is named. The answer null = declined. */
  readonly askpass: ((question: string) => Promise<string | null>) | null;
  /** Ctrl-C and polite kills. Returns its own closer. */
  onInterrupt(listener: () => void): () => void;
  /** At once, without cleaning up. */
  exit(code: number): never;
  /** Milliseconds, monotonic. */
  now(): number;
  /** Returns its own closer. */
  after(ms: number, action: () => void): () => void;
  readonly cwd: string;
  /** Where the loaders and the agent bundle lie. */
  readonly artifactsDir: string;
  readonly rooms: Rooms;
}
