/** What the command line needs from its surroundings; tests put fakes here. */
import type { Rooms } from './rooms.ts';

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
