/** The unix socket in the run directory: the only door, and only its owner may knock. */
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { MAX_SOCKET_PATH_BYTES, raise } from '../../protocol/index.ts';

export async function listen(path: string, onSocket: (socket: Socket) => void): Promise<{ close: () => void }> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES)
    raise(
      'agent-start',
      `cannot listen on ${path}: the path is longer than ${MAX_SOCKET_PATH_BYTES} bytes`,
      'Choose a folder with a shorter path.',
    );
  const server = createServer(onSocket);
  // Under another name until it is ready: whoever sees the socket can connect to it.
  const early = `${dirname(path)}/s`;
  rmSync(early, { force: true });
  await bound(server, early);
  chmodSync(early, 0o600);
  renameSync(early, path);
  return {
    close: () => {
      server.close();
      rmSync(path, { force: true });
    },
  };
}

function bound(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
