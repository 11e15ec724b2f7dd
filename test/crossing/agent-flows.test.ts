/** Flows from a scripted loader through the bundled agent and over its socket: named, bounded, exact. */
import { expect, it } from 'vitest';
import type { FlowDef } from '../../remote-agent/protocol/index.ts';
import { newClient, startAgent, startProbe, useAgent, windows } from './agent-stage.ts';

useAgent();

const COLUMN = { flow: 0, thread: 1, state: 2, sent: 3, closed: 16 } as const;

it('a connection from its SYN to its end, with who owns it', async () => {
  const flow = { cookie: 77, opened: 1_200_000_000, netns: 4_026_531_840, remote: '127.0.0.1' };
  const own = { tgid: process.pid, comm: 'node', flow };
  const second = (number: number, rows: unknown[]) => ({
    batch: { number, from: number * 1e9 + 1, to: (number + 1) * 1e9, rows },
  });
  const sock = await startAgent([
    [
      { ready: true },
      second(1, [{ flow, state: 2, packetsSent: 1 }]),
      second(2, [{ ...own, state: 1, sent: 100_000_000, packetsSent: 70_000, connect: 40_000_000, rtt: 40_000_000 }]),
      second(3, [{ ...own, state: 7, sent: 1, packetsSent: 2, closed: 3_500_000_000 }]),
    ],
  ]);
  const client = newClient();
  await client.join(sock);
  client.say(startProbe({}, 'net-flows'));
  const cells = (column: keyof typeof COLUMN) =>
    windows(client).flatMap((window) => [...((window.columns[COLUMN[column]] ?? []) as Uint32Array)]);
  await client.until('the end of the flow', () => cells('closed').includes(3_500_000_000));
  const definitions = client.signals.filter((signal) => signal.kind === 'definitions');
  expect(definitions.flatMap(({ flows }): readonly FlowDef[] => flows)).toEqual([
    {
      id: 1,
      protocol: 6,
      direction: 'out',
      family: 4,
      localAddress: '10.0.0.2',
      localPort: 40_000,
      remoteAddress: '127.0.0.1',
      remotePort: 1883,
      netns: 4_026_531_840,
      openedNs: 1_200_000_000,
      isOthers: false,
      isOwn: false,
    },
  ]);
  expect(new Set(cells('flow'))).toEqual(new Set([1]));
  expect(cells('state').at(-1)).toBe(7);
  expect(cells('sent').reduce((sum, bytes) => sum + bytes, 0)).toBe(100_000_001);
  const owner = definitions.flatMap(({ threads }) => threads).find(({ id }) => id === cells('thread').at(-1));
  expect(definitions.flatMap(({ processes }) => processes).find(({ id }) => id === owner?.process)).toMatchObject({
    pid: process.pid,
  });
  // This machine's own /etc/hosts, as every one has it.
  expect(definitions.flatMap(({ addressNames }) => addressNames)).toContainEqual({
    address: '127.0.0.1',
    name: 'localhost',
    source: 'hosts',
  });
});
