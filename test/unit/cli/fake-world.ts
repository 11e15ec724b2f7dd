/** A World without a process around it: what was printed is remembered, time passes when a test says so. */
import type { Rooms, Terminal, World } from '../../../electron/cli/index.ts';
import { run } from '../../../electron/cli/index.ts';

export interface FakeWorld extends World {
  readonly out: () => string;
  readonly err: () => string;
  interrupt(): void;
  /** Lets timers that are due by then fire. */
  pass(ms: number): void;
}

export interface FakeOptions {
  readonly rooms?: Partial<Rooms>;
  readonly terminal?: Terminal | null;
  readonly askpass?: World['askpass'];
  readonly isTerminal?: boolean;
  readonly cwd?: string;
}

export function fakeWorld({
  rooms = {},
  terminal = null,
  askpass = null,
  isTerminal = false,
  cwd = '/',
}: FakeOptions = {}): FakeWorld {
  const pieces: Buffer[] = [];
  let errors = '';
  let nowMs = 0;
  const listeners = new Set<() => void>();
  const timers = new Set<{ readonly atMs: number; readonly action: () => void }>();
  return {
    stdout: { isTerminal, columns: 80, rows: 24, write: async (piece) => void pieces.push(Buffer.from(piece)) },
    stderr: { isTerminal, columns: 80, write: (text) => void (errors += text) },
    terminal,
    askpass,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit: (code) => {
      throw new Error(`exit at once with ${code}`);
    },
    now: () => nowMs,
    after: (ms, action) => {
      const timer = { atMs: nowMs + ms, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    cwd,
    artifactsDir: '/nowhere',
    rooms: rooms as Rooms,
    out: () => Buffer.concat(pieces).toString(),
    err: () => errors,
    interrupt: () => listeners.forEach((listener) => listener()),
    pass: (ms) => {
      nowMs += ms;
      for (const timer of timers) {
        if (timer.atMs > nowMs) continue;
        timers.delete(timer);
        timer.action();
      }
    },
  };
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function sonde(words: readonly string[] | string, world: FakeWorld = fakeWorld()): Promise<Ran> {
  const code = await run(typeof words === 'string' ? words.split(' ').filter((word) => word !== '') : words, world);
  return { code, out: world.out(), err: world.err() };
}
