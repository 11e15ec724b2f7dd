/** Logs in to one hop over a ready byte stream: key exchange, host key, authentication. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client, type ConnectConfig, type NextAuthHandler } from 'ssh2';
import { type Fault, FaultError, faultOf } from '../../remote-agent/protocol/fault.ts';
import { safeText } from '../../remote-agent/protocol/text.ts';
import { chooseAlgorithms } from './algorithms.ts';
import type { Ask } from './ask.ts';
import { Authentication } from './auth.ts';
import { type FailureContext, faultFrom } from './failures.ts';
import { fenceStream } from './fences.ts';
import type { Hop } from './hop.ts';
import type { HostKey } from './host-key.ts';
import { HostKeyDoor } from './host-key-door.ts';
import { knownKeyTypes } from './known-hosts.ts';
import { addKnownHost, readKnownHosts } from './known-hosts-file.ts';
import { Patience } from './patience.ts';

/** From the open TCP connection to the login, not counting the time the user is asked. */
const READY_TIMEOUT_MS = 20_000;
const MAX_VERSION_LENGTH = 100;

export interface LoggedIn {
  readonly client: Client;
  readonly hostKey: HostKey;
  readonly serverVersion: string;
  readonly authenticatedBy: string;
}

export interface LoginOptions {
  readonly ask: Ask;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

export async function logIn(hop: Hop, stream: Socket | Duplex, { ask, log, signal }: LoginOptions): Promise<LoggedIn> {
  const known = await readKnownHosts(hop.knownHostsFiles);
  const client = new Client();
  const negotiation: string[] = [];
  let serverVersion = '';
  let fault: Fault | null = null;
  let giveUp: (error: Error) => void = () => {};
  const fail = (reason: Fault) => {
    fault ??= reason;
    client.destroy();
    giveUp(new FaultError(fault)); // a stream that was dead before ssh2 had it never tells its end
  };
  const patience = new Patience(READY_TIMEOUT_MS, () => fail(tooSlow(hop)));
  const askUnhurried = patience.during(ask);
  const auth = new Authentication(hop, askUnhurried, log);
  const door = new HostKeyDoor(hop, known, askUnhurried, log);
  const context = (): FailureContext => ({
    hop,
    auth,
    greeted: serverVersion !== '',
    wasAsking: patience.isAsking,
    negotiation,
  });

  let filed: Promise<void> = Promise.resolve();
  const ready = new Promise<void>((resolve, reject) => {
    giveUp = reject;
    client.on('error', (error) => {
      if ((error as { level?: string }).level === 'agent') return; // one key could not sign: ssh2 goes on with the next
      fault ??= door.fault ?? faultFrom(error, context());
    });
    client.once('handshake', () => {
      // Only now has the device proved that it owns the key it showed.
      if (door.isNew && door.key && hop.addHostKeyTo !== null) {
        filed = addKnownHost(hop.addHostKeyTo, hop.knownHostName, door.key, hop.hashKnownHosts).catch(
          (error: unknown) => log(`${faultOf(error)?.message ?? error}`),
        );
      }
    });
    client.on('ready', () => resolve());
    client.on('close', () =>
      reject(new FaultError(fault ?? faultFrom(new Error('the device closed the connection'), context()))),
    );
  });
  const onAbort = () => fail({ code: 'cancelled', message: `connecting to ${hop.host} was cancelled` });
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal?.aborted) onAbort();
    const config: ConnectConfig = {
      sock: stream,
      username: hop.user,
      algorithms: chooseAlgorithms(knownKeyTypes(known, hop.knownHostName)),
      hostVerifier: (blob: Buffer, verify: (valid: boolean) => void) => void door.check(blob).then(verify),
      authHandler: (left, partial, next) => {
        void tryNext(auth, left, partial, next);
      },
      readyTimeout: 0, // ours stops while the user is asked
      keepaliveInterval: 0, // ours is in pulse.ts
      debug: (line) => {
        serverVersion ||= /^Remote ident: '?SSH-[\d.]+-([^']*)/.exec(line)?.[1] ?? '';
        if (line.startsWith('Handshake: (remote)')) negotiation.push(line.slice('Handshake: '.length));
      },
    };
    client.connect(config);
    fenceStream(stream); // not before: what comes would go to nobody
    await ready;
    await filed;
  } finally {
    patience.end();
    signal?.removeEventListener('abort', onAbort);
  }
  if (!door.key) throw new Error('logged in without a host key');
  return {
    client,
    hostKey: door.key,
    serverVersion: safeText(serverVersion, MAX_VERSION_LENGTH),
    authenticatedBy: auth.usedMethod,
  };
}

/** ssh2 asks for the next way to log in by callback. */
async function tryNext(
  auth: Authentication,
  left: readonly string[] | null,
  partial: boolean,
  next: NextAuthHandler,
): Promise<void> {
  const method = await auth.next(left, partial);
  next(method as Parameters<NextAuthHandler>[0]); // false = no more; ssh2's types do not know it
}

function tooSlow(hop: Hop): Fault {
  return {
    code: 'host-unreachable',
    message: `cannot log in to ${hop.host}: the SSH handshake took longer than ${READY_TIMEOUT_MS / 1000} s`,
    hint: 'The device may be overloaded, or something that does not speak SSH listens there.',
  };
}
