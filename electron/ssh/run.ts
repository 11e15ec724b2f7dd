/** exec: one command from start to end, its output collected. */
import { FaultError } from '../../remote-agent/protocol/fault.ts';
import type { ExecOptions, ExecResult, SshChannel } from './connection.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_OUTPUT = 4 << 20;
/** What comes beyond the kept output is dropped, up to here: no command of ours says more, and waiting for its end is vain. */
const MAX_DROPPED = 16 << 20;

export async function runToEnd(
  spawn: () => Promise<SshChannel>,
  command: string,
  options: ExecOptions,
): Promise<ExecResult> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, maxOutput = DEFAULT_MAX_OUTPUT } = options;
  if (signal?.aborted) throw cancelled();
  const channel = await spawn().catch((error: unknown) => {
    throw signal?.aborted ? cancelled() : error;
  });
  if (signal?.aborted) {
    channel.kill(); // it was cancelled while the channel was opened
    throw cancelled();
  }
  let stop: (error: Error) => void = () => {};
  const stopped = new Promise<never>((_resolve, reject) => (stop = reject));
  const onAbort = () => stop(cancelled());
  const timer = setTimeout(
    () =>
      stop(
        new FaultError({
          code: 'link-lost',
          message: `a command on the device did not end within ${timeoutMs / 1000} s`,
          detail: command.slice(0, 200),
        }),
      ),
    timeoutMs,
  );
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const tooMuch = () => stop(endless(command, maxOutput + MAX_DROPPED));
    const stdout = new Collector(maxOutput, tooMuch);
    const stderr = new Collector(maxOutput, tooMuch);
    channel.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
    channel.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
    channel.stdin.end(options.stdin ?? '');
    const status = await Promise.race([channel.exit, stopped]);
    return {
      ...status,
      stdout: stdout.bytes(),
      stderr: stderr.bytes(),
      truncated: stdout.truncated || stderr.truncated,
    };
  } catch (error) {
    channel.kill();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Keeps the first `limit` bytes; the rest is read and dropped, so that the far side does not stall. */
class Collector {
  truncated = false;
  private readonly limit: number;
  private readonly onTooMuch: () => void;
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private dropped = 0;

  constructor(limit: number, onTooMuch: () => void) {
    this.limit = limit;
    this.onTooMuch = onTooMuch;
  }

  add(chunk: Buffer): void {
    const kept = chunk.subarray(0, this.limit - this.length);
    if (kept.length < chunk.length) this.truncated = true;
    if (kept.length > 0) this.chunks.push(kept);
    this.length += kept.length;
    this.dropped += chunk.length - kept.length;
    if (this.dropped > MAX_DROPPED) this.onTooMuch();
  }

  bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

function endless(command: string, bytes: number): FaultError {
  return new FaultError({
    code: 'out-of-sync',
    message: `a command on the device answered with more than ${bytes >> 20} MB`,
    hint: 'Log in by hand and see what the login shell of this user prints. A device that does this on purpose is not to be trusted.',
    detail: command.slice(0, 200),
  });
}

function cancelled(): FaultError {
  return new FaultError({ code: 'cancelled', message: 'a command on the device was cancelled' });
}
