import { PassThrough } from 'node:stream';
import type { ExitStatus, SshChannel } from '../../../electron/ssh/index.ts';

/** The far side of a channel, played by the test. */
export interface FakeChannel {
  readonly channel: SshChannel;
  /** What the workstation wrote. */
  readonly received: Buffer[];
  say(chunk: Uint8Array | string): void;
  sayWords(text: string): void;
  end(code: number | null): void;
  readonly isKilled: () => boolean;
}

export function fakeChannel(): FakeChannel {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const received: Buffer[] = [];
  stdin.on('data', (chunk: Buffer) => received.push(chunk));
  let settle: (status: ExitStatus) => void = () => {};
  let isKilled = false;
  const exit = new Promise<ExitStatus>((resolve) => (settle = resolve));
  const end = (code: number | null): void => {
    stdout.end();
    stderr.end();
    // As on a wire: what was said arrives before the end does.
    setImmediate(() => setImmediate(() => settle({ code, signal: null })));
  };
  const kill = (): void => {
    isKilled = true;
    end(null);
  };
  return {
    channel: { stdin, stdout, stderr, exit, kill },
    received,
    say: (chunk) => void stdout.write(chunk),
    sayWords: (text) => void stderr.write(text),
    end,
    isKilled: () => isKilled,
  };
}

export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
