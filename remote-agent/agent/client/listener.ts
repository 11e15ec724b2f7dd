/** The unix socket in the run directory: the only door, and only its owner may knock. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { MAX_SOCKET_PATH_BYTES, raise } from '../../protocol/index.ts';

export async function listen(path: string, onSocket: (socket: Socket) => void): Promise<{ close: () => void }> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES)
    raise('agent-start', `cannot listen on ${path}: the path is longer than ${MAX_SOCKET_PATH_BYTES} bytes`, 'Choose a folder with a shorter path.');
  const server = createServer(onSocket);
  const oldMask = process.umask(0o177); // nobody gets in between bind and chmod
  try {
    await bound(server, path);
    chmodSync(path, 0o600);
  } finally {
    process.umask(oldMask);
  }
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
