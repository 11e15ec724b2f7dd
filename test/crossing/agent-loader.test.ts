/** The bundled agent and its loader: crashes, repeats, nonsense; system calls through both, exactly. */
import { describe, expect, it } from 'vitest';
import type { AgentClient } from '../unit/agent/agent-client.ts';
import { exit, kept, newClient, startAgent, startProbe, useAgent, windows } from './agent-stage.ts';

useAgent();

describe('a loader', () => {
  it('that crashes is started again, three times a minute', async () => {
    const rows = [{ tgid: 2, comm: 'kthreadd' }];
    const sock = await startAgent([
      [
        { ready: true },
        { batch: { number: 0, from: 1, to: 2, rows } },
        { raw: '20000000' },
        { sleep: 50 },
        { exit: 9 },
      ],
    ]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    const kinds = () => client.signals.flatMap((signal) => (signal.kind === 'probe' ? [signal.what.kind] : []));
    await client.until('giving up', () => kinds().includes('failed'), 20_000);
    expect(kinds()).toEqual(['started', 'restarted', 'restarted', 'restarted', 'failed']);
    expect(kept(client)).toBe(4);
  });

  it('that sends a batch again is counted once, and an unfinished batch not at all', async () => {
    const rows = [{ tgid: 2, comm: 'kthreadd', samples: 4 }];
    const one = { batch: { number: 1, from: 2, to: 3, rows } };
    // The beginning of batch 2, its worker dies, the next one sends 1 and 2 whole.
    const begun = { raw: '10000000020000000200000000000000' + '03000000000000000400000000000000' };
    const sock = await startAgent([
      [
        { ready: true },
        { batch: { number: 0, from: 1, to: 2, rows } },
        one,
        begun,
        { worker: 9 },
        one,
        { batch: { number: 2, from: 3, to: 4, rows } },
      ],
    ]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('three windows', () => windows(client).length === 3);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(windows(client).map(({ fromNs, toNs }) => [fromNs, toNs])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    expect(kept(client)).toBe(12);
  });

  it('that does not listen is killed', async () => {
    const sock = await startAgent([[{ deaf: true }, { ready: true }]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('start', () => client.signals.find((signal) => signal.kind === 'probe'));
    client.say({ case: 'shutdown', value: { reason: 'enough' } });
    await client.until('farewell', () => client.bodies('farewell')[0], 12_000);
    expect(await exit()).toBe(0);
  });

  it('what the box cannot give is told as a note', async () => {
    const text = Buffer.from('cgroup2 cannot be used');
    const note = Buffer.concat([Buffer.from('160000000a0000000000000000000000', 'hex'), text]).toString('hex');
    const sock = await startAgent([[{ ready: true }, { raw: note }]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('note', () =>
      client.signals.find((signal) => signal.kind === 'note' && signal.text === 'CPU profile: cgroup2 cannot be used'),
    );
  });

  it('that talks nonsense is stopped with a reason', async () => {
    const sock = await startAgent([[{ ready: true }, { raw: 'ffffffff0400000000000000000000000000' }]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    const failed = await client.until('fault', () =>
      client.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'failed'),
    );
    expect(failed).toMatchObject({ what: { fault: { code: 'out-of-sync' } } });
  });
});

describe('calls', () => {
  /** Two threads on two CPUs each, one of them failing; 35 calls a batch. */
  const rows = [
    { tgid: 42, tid: 43, comm: 'worker', call: 0x1000000, calls: 10, total: 90_000, longest: 20_000 },
    { tgid: 42, tid: 43, comm: 'worker', call: 0x1000000, calls: 5, total: 50_000, longest: 30_000, cpu: 1 },
    { tgid: 42, tid: 44, comm: 'worker', call: 0x1000001, errno: 9, bucket: 255, calls: 20, total: 0, longest: 0 },
  ];
  /** Per thread, call, errno and bucket: calls, total and longest. */
  const totals = (client: AgentClient) => {
    const sums = new Map<string, [number, number, number]>();
    for (const { probe, columns, rows: count } of windows(client))
      for (let row = 0; probe === 'syscalls' && row < count; row++) {
        const cells = columns.map((column) => Number(column[row]));
        const [calls = 0, total = 0, longest = 0] = cells.splice(4);
        const old = sums.get(cells.join(' ')) ?? [0, 0, 0];
        sums.set(cells.join(' '), [old[0] + calls, old[1] + total, Math.max(old[2], longest)]);
      }
    return sums;
  };
  const stopped = (client: AgentClient, probe: string) =>
    client.signals.find(
      (signal) => signal.kind === 'probe' && signal.probe === probe && signal.what.kind === 'stopped',
    );

  it('are exact through cuts and merged windows', async () => {
    const sock = await startAgent([[{ ready: true }, { every: 5, repeat: { rows } }]]);
    const client = newClient();
    for (let round = 0; round < 5; round++) {
      // Unconfirmed records fill the link, and what waits is merged.
      client.isAcking = round % 2 === 0;
      await client.join(sock);
      if (round === 0) client.say(startProbe({}, 'syscalls'));
      const before = client.lastSeq;
      await client.until('records', () => client.lastSeq > before + 20n);
      client.cut();
      await new Promise((resolve) => setTimeout(resolve, round * 200));
    }
    client.isAcking = true;
    await client.join(sock);
    client.say({ case: 'stopProbe', value: { probe: 'syscalls' } });
    await client.until('stop', () => stopped(client, 'syscalls'));
    const batches = windows(client).reduce((sum, { drains }) => sum + drains, 0);
    expect(kept(client)).toBe(batches * 35);
    expect(totals(client)).toEqual(
      new Map([
        [`1 ${0x1000000} 0 10`, [batches * 15, batches * 140_000, 30_000]],
        [`2 ${0x1000001} 9 255`, [batches * 20, 0, 0]],
      ]),
    );
    expect((windows(client).at(-1)?.toNs ?? 0) / 1e9).toBeCloseTo(batches, 3);
  });

  it('of a worker that died are counted once', async () => {
    const [one, two] = [{ batch: { number: 0, from: 1, to: 2, rows } }, { batch: { number: 1, from: 2, to: 3, rows } }];
    const sock = await startAgent([[{ ready: true }, one, { worker: 9 }, one, two, { worker: 9 }, two]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe({}, 'syscalls'));
    await client.until('two windows', () => windows(client).length === 2);
    client.say({ case: 'stopProbe', value: { probe: 'syscalls' } });
    await client.until('stop', () => stopped(client, 'syscalls'));
    expect(kept(client)).toBe(70);
    expect([...totals(client).values()]).toEqual([
      [30, 280_000, 30_000],
      [40, 0, 0],
    ]);
  });

  it('and samples of the same threads have the same thread ids', async () => {
    const samples = [
      { tgid: 42, tid: 43, comm: 'worker', samples: 5 },
      { tgid: 42, tid: 44, comm: 'worker', samples: 5 },
    ];
    const sock = await startAgent([
      [{ ready: true }, { batch: { number: 0, from: 1, to: 2, rows: samples } }],
      [{ ready: true }, { batch: { number: 0, from: 1, to: 2, rows } }],
    ]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('samples', () => windows(client).length === 1);
    client.say(startProbe({}, 'syscalls'));
    await client.until('calls', () => windows(client).length === 2);
    expect(windows(client).map(({ probe, columns }) => [probe, ...(columns[0] as Uint32Array)])).toEqual([
      ['cpu-profile', 1, 2],
      ['syscalls', 1, 2],
    ]);
  });
});
