/** An SshConnection over an authenticated ssh2 client. */
import type { Client } from 'ssh2';
import { type Fault, FaultError, raise } from '../../remote-agent/protocol/fault.ts';
import { wrapChannel } from './channel.ts';
import { fenceChannel, refuseChannel } from './fences.ts';
import type { ExecOptions, ExecResult, SshChannel, SshConnection } from './connection.ts';
import { measureRtt, watchPulse } from './pulse.ts';
import { runToEnd } from './run.ts';

export interface ConnectionFacts
  extends Pick<
    SshConnection,
    'destination' | 'user' | 'host' | 'port' | 'remoteAddress' | 'serverVersion' | 'hostKey' | 'authenticatedBy'
  > {
  readonly receivedBytes: () => number;
  /** Ends what carries the connection at once. ssh2's own destroy() does nothing any more once end() was called. */
  readonly cut: () => void;
}

/** Long enough for the goodbye to travel; then the socket is cut. */
export const CLOSE_GRACE_MS = 500;
const RTT_TIMEOUT_MS = 30_000;

export function liveConnection(client: Client, { receivedBytes, cut, ...facts }: ConnectionFacts): SshConnection {
  let why: Fault | null = null;
  let asked = false;
  let gone = false;
  const lost = (reason: string): Fault => ({
    code: 'link-lost',
    message: `the connection to ${facts.host} ended: ${reason}`,
    hint: 'Check that the device is on and the network works.',
  });
  const stopPulse = watchPulse(client, receivedBytes, (silentMs) => {
    why ??= lost(`no sign of life for ${silentMs / 1000} s`);
    cut();
  });
  const closed = new Promise<Fault | null>((resolve) => {
    client.on('error', (error) => (why ??= lost(error.message)));
    client.on('close', () => {
      stopPulse();
      gone = true;
      resolve(asked ? null : (why ?? lost('the device closed it')));
    });
  });

  const spawn = async (
    command: string,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<SshChannel> => {
    if (options.signal?.aborted) raise('cancelled', 'a command on the device was cancelled');
    const channel = await openExec(client, command, closed, lost, (reason) => {
      why ??= { ...lost(reason), hint: 'A device that does this on purpose is not to be trusted.' };
      cut();
    });
    if (options.signal?.aborted) {
      channel.kill(); // cancelled while the channel was opened
      raise('cancelled', 'a command on the device was cancelled');
    }
    options.signal?.addEventListener('abort', channel.kill, { once: true });
    void channel.exit.then(() => options.signal?.removeEventListener('abort', channel.kill));
    return channel;
  };
  return {
    ...facts,
    closed,
    spawn,
    exec: (command: string, options: ExecOptions = {}): Promise<ExecResult> =>
      runToEnd(() => spawn(command), command, options).then((result) =>
        // Output that was cut off by the end of the link must not be taken for the whole.
        gone && result.code === null && result.signal === null
          ? Promise.reject(new FaultError(why ?? lost('it was closed')))
          : result,
      ),
    onClose: (listener) => {
      let wanted = true;
      void closed.then((fault) => wanted && listener(fault));
      return () => {
        wanted = false;
      };
    },
    rttMs: () => rtt(client, closed, lost),
    close: async () => {
      asked = true;
      client.end();
      const timer = setTimeout(cut, CLOSE_GRACE_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function openExec(
  client: Client,
  command: string,
  closed: Promise<Fault | null>,
  lost: (reason: string) => Fault,
  end: (reason: string) => void,
): Promise<SshChannel> {
  return new Promise((resolve, reject) => {
    void closed.then((fault) => reject(new FaultError(fault ?? lost('it was closed'))));
    try {
      client.exec(command, (error, channel) => {
        if (error?.message === 'No response from server') return; // the connection has ended: `closed` says why
        if (error) return reject(new FaultError(lost(`the device did not run a command: ${error.message}`)));
        const refusal = refuseChannel(channel);
        if (refusal !== null) return end(refusal);
        fenceChannel(channel, () => end('the device sends more than it was asked for'));
        resolve(wrapChannel(channel, closed));
      });
    } catch (error) {
      reject(new FaultError(lost((error as Error).message))); // ssh2 throws where the socket is closed already
    }
  });
}

function rtt(client: Client, closed: Promise<Fault | null>, lost: (reason: string) => Fault): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new FaultError(lost(`no answer within ${RTT_TIMEOUT_MS / 1000} s`))),
      RTT_TIMEOUT_MS,
    );
    void closed.then((fault) => reject(new FaultError(fault ?? lost('it was closed'))));
    measureRtt(client)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
