/** One remote command as four streams and an end that always comes. */
import { Duplex, Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { ExitStatus, SshChannel } from './connection.ts';

/** A far side that was told to end a command answers within this; one that does not is not waited for. */
const KILL_GRACE_MS = 3000;

export function wrapChannel(channel: ClientChannel, connectionGone: Promise<unknown>): SshChannel {
  let giveUp = () => {};
  let isClosed = false;
  const exit = new Promise<ExitStatus>((resolve) => {
    giveUp = () => resolve({ code: null, signal: null });
    let status: ExitStatus = { code: null, signal: null };
    channel.on('exit', (code: number | null, signal?: string) => {
      status = { code, signal: signal ?? null };
    });
    channel.on('close', () => {
      isClosed = true;
      resolve(status);
    });
    void connectionGone.then(() => resolve(status));
  });
  const stdin = new ChannelInput(channel, exit);
  return {
    stdin,
    stdout: channel,
    stderr: channel.stderr,
    exit,
    kill: () => {
      // OpenSSH 7.9 and later pass it on, but not for root; elsewhere the command notices by its closed input.
      channel.signal('TERM');
      channel.close();
      setTimeout(() => {
        giveUp();
        if (!isClosed) abandon(channel);
      }, KILL_GRACE_MS).unref();
    },
  };
}

/** For whoever still reads: ssh2's own destroy() waits for the far side, and its streams do not say when they are closed. */
function abandon(channel: ClientChannel): void {
  Duplex.prototype.destroy.call(channel);
  channel.emit('close');
}

/** ssh2 forgets the callback of a write that comes after the far side has closed: the writer would wait for ever. */
class ChannelInput extends Writable {
  private readonly channel: ClientChannel;
  private pending: ((error?: Error) => void) | null = null;
  private gone = false;

  constructor(channel: ClientChannel, exit: Promise<ExitStatus>) {
    super({ highWaterMark: 64 * 1024 });
    this.channel = channel;
    this.on('error', () => {}); // told to the writer by its callback; must not end the process where nobody listens
    void this.endWith(exit);
  }

  private async endWith(exit: Promise<ExitStatus>): Promise<void> {
    await exit;
    this.gone = true;
    this.pending?.(ended());
    this.destroy();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.gone) return callback(ended());
    const settle = (error?: Error | null) => {
      if (this.pending !== settle) return;
      this.pending = null;
      callback(error);
    };
    this.pending = settle;
    this.channel.write(chunk, settle);
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (!this.gone) this.channel.end();
    callback();
  }
}

function ended(): Error {
  return new Error('the remote command has ended');
}
