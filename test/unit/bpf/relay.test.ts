import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { ended, machine, useLoader } from './loader.ts';

describe.skipIf(!machine)('relay', () => {
  const loader = useLoader();
  let server: Server | undefined;
  afterEach(() => server?.close());
  const serve = (onSocket: (socket: Socket) => void) =>
    new Promise<void>((resolve) => {
      server = createServer({ allowHalfOpen: true }, onSocket).listen(loader.path('socket'), resolve);
    });

  test('carries both ways, and answers that come after the end of stdin', async () => {
    const sent = randomBytes(3_000_000);
    await serve((socket) => {
      const got: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => got.push(chunk));
      socket.on('end', () => void sleep(200).then(() => socket.end(Buffer.concat(got).reverse())));
    });
    const { code, stdout } = await loader.run(['relay', 'socket'], sent);
    expect(code).toBe(0);
    expect(stdout.equals(Buffer.from(sent).reverse())).toBe(true);
  });

  test('ends when the socket ends, after all it said, though stdin is open', async () => {
    await serve((socket) => socket.end(Buffer.alloc(1_000_000, 'x')));
    const child = loader.start('relay', 'socket');
    const { code, stdout } = await ended(child);
    expect([code, stdout.length]).toEqual([0, 1_000_000]);
  });

  test('a slow reader holds up the sender, and sleeps instead of spinning', async () => {
    await serve((socket) => void socket.on('error', () => {}).write(Buffer.alloc(10_000_000, 'x')));
    const child = loader.start('relay', 'socket');
    child.stdout.pause();
    await sleep(500);
    const ticks = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number);
    const before = ticks();
    await sleep(500);
    expect(ticks()).toEqual(before);
    expect(residentKb(child)).toBeLessThan(1000);
    child.kill();
  });

  test('without a socket: exit code 3', async () => {
    const { code, stderr } = await loader.run(['relay', 'socket']);
    expect([code, stderr]).toEqual([3, 'loader: cannot connect to socket: No such file or directory\n']);
  });
});

function residentKb(child: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]);
}
