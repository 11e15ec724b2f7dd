/** connect(): resolves the destination, opens the way through jump hosts, logs in, and hands out the connection. */
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { type Fault, FaultError } from '../../remote-agent/protocol/fault.ts';
import type { Ask } from './ask.ts';
import type { SshConnection } from './connection.ts';
import { showHost } from './destination.ts';
import type { Hop } from './hop.ts';
import { CLOSE_GRACE_MS, liveConnection } from './live-connection.ts';
import { logIn, type LoginOptions } from './login.ts';
import { resolveRoute } from './route.ts';
import type { SshTarget } from './target.ts';
import { openSocket } from './tcp.ts';

export interface ConnectOptions {
  readonly ask: Ask;
  readonly signal?: AbortSignal | undefined;
  /** Told what is being tried, in words; never a secret. */
  readonly log?: ((line: string) => void) | undefined;
}

interface Way {
  readonly stream: Duplex;
  readonly remoteAddress: string;
  /** Grows with every byte that comes in; constant where that cannot be seen. */
  readonly receivedBytes: () => number;
}

export async function connect(target: SshTarget, options: ConnectOptions): Promise<SshConnection> {
  const { ask, signal, log = () => {} } = options;
  const login: LoginOptions = { ask, signal, log };
  const hops = await resolveRoute(target, log);
  const jumps: Client[] = [];
  const ways: Way[] = [];
  const cut = () => {
    for (const way of ways) way.stream.destroy();
  };
  const closeJumps = () => {
    for (const jump of jumps.reverse()) jump.end();
    setTimeout(cut, CLOSE_GRACE_MS).unref(); // a dead jump host would not answer the goodbye
  };
  try {
    for (const [index, hop] of hops.entries()) {
      const way = await openWay(jumps.at(-1) ?? null, hop, signal);
      ways.push(way);
      const { client, hostKey, serverVersion, authenticatedBy } = await logIn(hop, way.stream, login).catch(
        (error: unknown) => {
          way.stream.destroy();
          throw error;
        },
      );
      if (index < hops.length - 1) {
        log(`through ${hop.user}@${showHost(hop.host, hop.port)}`);
        client.on('error', () => {}); // its end shows as the end of the stream it carries
        jumps.push(client);
        continue;
      }
      const { user, host, port } = hop;
      const connection = liveConnection(client, {
        destination: target.destination,
        user,
        host,
        port,
        remoteAddress: way.remoteAddress,
        serverVersion,
        hostKey: { algorithm: hostKey.algorithm, fingerprint: hostKey.fingerprint },
        authenticatedBy,
        receivedBytes: way.receivedBytes,
        cut,
      });
      connection.onClose(closeJumps);
      return connection;
    }
    throw new Error('a route without hosts');
  } catch (error) {
    closeJumps();
    throw error;
  }
}

async function openWay(jump: Client | null, hop: Hop, signal: AbortSignal | undefined): Promise<Way> {
  if (jump) {
    const stream = await forward(jump, hop);
    return { stream, remoteAddress: showHost(hop.hostName, hop.port), receivedBytes: () => 0 };
  }
  const { socket } = await openSocket(hop.hostName, hop.port, signal);
  socket.setNoDelay(true); // without it each round trip costs 45 ms: delayed acknowledgements meet Nagle
  const address = socket.remoteAddress ?? hop.hostName;
  return {
    stream: socket,
    remoteAddress: `${address.includes(':') ? `[${address}]` : address}:${hop.port}`,
    receivedBytes: () => socket.bytesRead,
  };
}

function forward(jump: Client, hop: Hop): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      const fault: Fault = {
        code: 'host-unreachable',
        message: `cannot reach ${showHost(hop.host, hop.port)} through the jump host: ${why}`,
        hint: 'Log in to the jump host and try from there. It must allow forwarding (AllowTcpForwarding).',
      };
      reject(new FaultError(fault));
    };
    jump.on('close', () => fail('the connection to the jump host ended'));
    try {
      jump.forwardOut('127.0.0.1', 0, hop.hostName, hop.port, (error, stream) =>
        error ? fail(error.message) : resolve(stream),
      );
    } catch (error) {
      fail((error as Error).message); // ssh2 throws where the socket is closed already
    }
  });
}
