/** The TCP connection under SSH. Made here and not by ssh2, so that each way to fail has its own words. */
import { connect as connectSocket, type Socket } from 'node:net';
import { type Fault, FaultError } from '../../remote-agent/protocol/fault.ts';
import { showHost } from './destination.ts';

export const CONNECT_TIMEOUT_MS = 20_000;

export interface OpenSocket {
  readonly socket: Socket;
  /** One round trip, as the kernels needed it to connect. */
  readonly connectMs: number;
}

export function openSocket(host: string, port: number, signal: AbortSignal | undefined): Promise<OpenSocket> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port });
    const fail = (code: string) => {
      cleanUp();
      socket.destroy();
      reject(new FaultError(unreachable(host, port, code)));
    };
    const onError = (error: NodeJS.ErrnoException) => fail(error.code ?? error.message);
    const onAbort = () => {
      cleanUp();
      socket.destroy();
      reject(new FaultError({ code: 'cancelled', message: `connecting to ${host} was cancelled` }));
    };
    const timer = setTimeout(() => fail('ETIMEDOUT'), CONNECT_TIMEOUT_MS);
    const cleanUp = () => {
      clearTimeout(timer);
      socket.off('error', onError);
      socket.on('error', () => {}); // a destroyed socket may still complain; nobody is interested any more
      signal?.removeEventListener('abort', onAbort);
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      cleanUp();
      resolve({ socket, connectMs: performance.now() - started });
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
}

/** errno of a failed connect → words. */
export function unreachable(host: string, port: number, code: string): Fault {
  const where = showHost(host, port);
  const words = UNREACHABLE[code] ?? { why: code, hint: 'Check the address, the port and the network in between.' };
  return {
    code: 'host-unreachable',
    message: `cannot reach ${where}: ${words.why}`,
    hint: words.hint.replace('%p', String(port)),
    detail: code,
  };
}

const NO_NAME = {
  why: 'no address is known for this name',
  hint: 'Check the spelling, or use the IP address. Names ending in .local need mDNS on this computer.',
};
const NO_ROUTE = {
  why: 'there is no route to it',
  hint: 'Check that the device is on, its cable or radio, and whether a VPN is needed to get into its network.',
};
const UNREACHABLE: Readonly<Record<string, { why: string; hint: string }>> = {
  ECONNREFUSED: {
    why: 'it answers, but no SSH server listens there',
    hint: 'Start the SSH server on the device (sshd or dropbear), or give the right port: user@host:port.',
  },
  ECONNRESET: {
    why: 'it cut the connection at once',
    hint: 'A firewall or a limit on new connections (MaxStartups, fail2ban) may be at work: wait a minute and try again.',
  },
  EAI_AGAIN: {
    why: 'the name server does not answer',
    hint: 'Check the network of this computer, or use the IP address of the device.',
  },
  EHOSTDOWN: NO_ROUTE,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ENODATA: NO_NAME,
  ENOTFOUND: NO_NAME,
  ETIMEDOUT: {
    why: `no answer within ${CONNECT_TIMEOUT_MS / 1000} s`,
    hint: 'Check that the device is on and that no firewall drops port %p.',
  },
};
