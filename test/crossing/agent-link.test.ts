/** What a cut or slow link costs the client of the bundled agent: nothing, or detail that is named. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  exit,
  inRows,
  kept,
  newClient,
  runDir,
  startAgent,
  startProbe,
  useAgent,
  windows,
  words,
} from './agent-stage.ts';

useAgent();

describe('a cut link', () => {
  const busy = [
    [{ ready: true }, { every: 20, repeat: { rows: [{ tgid: 2, comm: 'kthreadd', samples: 5 }], extra: { idle: 7 } } }],
  ];

  it('loses and doubles nothing, however often it is cut', async () => {
    const sock = await startAgent(busy);
    const client = newClient();
    for (let round = 0; round < 8; round++) {
      client.isAcking = round % 2 === 0;
      await client.join(sock);
      if (round === 0) client.say(startProbe());
      const before = client.lastSeq;
      await client.until('records', () => client.lastSeq > before + 5n);
      client.cut();
      await new Promise((resolve) => setTimeout(resolve, round * 20));
    }
    client.isAcking = true;
    await client.join(sock);
    client.say({ case: 'stopProbe', value: { probe: 'cpu-profile' } });
    await client.until('stop', () =>
      client.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'stopped'),
    );
    // Each batch has 5 samples and follows the one before without a gap: as many as the time they cover.
    const spans = windows(client);
    for (const [i, { fromNs }] of spans.entries()) if (i > 0) expect(fromNs).toBe(spans[i - 1]?.toNs);
    const seconds = ((spans.at(-1)?.toNs ?? 0) - (spans[0]?.fromNs ?? 0)) / 1e9;
    expect(kept(client)).toBe(seconds * 5);
    expect(inRows(client)).toBe(seconds * 5);
    expect(windows(client).reduce((sum, { counters }) => sum + counters.idle, 0)).toBe(seconds * 7);
  });

  it('without confirmations makes windows coarser, not fewer', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ tgid: 2, tid: 10_000 + i, comm: 'kthreadd', samples: 5 }));
    const sock = await startAgent([[{ ready: true }, { every: 5, repeat: { rows } }]]);
    const client = newClient();
    client.isAcking = false;
    await client.join(sock);
    client.say(startProbe());
    // 256 KiB unconfirmed are some 100 such windows; then it waits.
    await client.until('a full link', () => client.lastSeq > 50n);
    let before = 0n;
    while (before !== client.lastSeq) {
      before = client.lastSeq;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    client.isAcking = true;
    client.say({ case: 'ack', value: { seq: client.lastSeq } });
    client.say({ case: 'stopProbe', value: { probe: 'cpu-profile' } });
    await client.until('stop', () =>
      client.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'stopped'),
    );
    const spans = windows(client);
    const merged = spans.reduce((most, { drains }) => Math.max(most, drains), 0);
    expect(merged).toBeGreaterThan(20);
    const batches = spans.reduce((sum, { drains }) => sum + drains, 0);
    expect(kept(client)).toBe(batches * 2000);
    expect(inRows(client)).toBe(batches * 2000);
    expect((spans.at(-1)?.toNs ?? 0) / 1e9).toBeCloseTo(batches, 3);
  });

  it('for too long costs detail, and says how much', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ tgid: 2, tid: 10_000 + i, comm: 'kthreadd', samples: 5 }));
    const sock = await startAgent([[{ ready: true }, { every: 20, repeat: { rows }, strangers: true }]]);
    const client = newClient();
    await client.join(sock);
    client.say(startProbe());
    await client.until('window', () => windows(client)[0]);
    client.cut();
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    await client.join(sock);
    client.say({ case: 'stopProbe', value: { probe: 'cpu-profile' } });
    await client.until('stop', () =>
      client.signals.find((signal) => signal.kind === 'probe' && signal.what.kind === 'stopped'),
    );
    const spans = windows(client);
    for (const [i, { fromNs }] of spans.entries()) if (i > 0) expect(fromNs).toBe(spans[i - 1]?.toNs);
    const seen = spans.reduce((sum, { counters }) => sum + counters.seen, 0);
    const lost = spans.flatMap(({ counters }) => counters.lost);
    expect(new Set(lost.map(({ cause }) => cause))).toEqual(new Set(['spool-full']));
    expect(seen).toBe(Math.round((spans.at(-1)?.toNs ?? 0) / 1e9) * 2000);
    expect(kept(client) + lost.reduce((sum, { count }) => sum + count, 0)).toBe(seen);
    expect(inRows(client)).toBe(kept(client));
    expect(kept(client)).toBeGreaterThan(0);
  });

  it('ends the agent after its lease, and everything is put away', async () => {
    const sock = await startAgent(busy);
    const client = newClient();
    await client.join(sock, 1);
    client.say(startProbe());
    await client.until('window', () => windows(client)[0]);
    client.cut();
    expect(await exit()).toBe(0);
    expect(existsSync(runDir)).toBe(false);
    expect(words).toContain('did not come back');
  });

  it('is taken over by the same client, and by no other', async () => {
    const sock = await startAgent([[]]);
    const first = newClient();
    await first.join(sock);
    await first.until('welcome', () => first.runId.length);
    const stranger = newClient();
    await stranger.join(sock);
    await stranger.until('fault', () => stranger.bodies('fault')[0]);
    expect(stranger.bodies('fault')[0]).toMatchObject({ code: 'agent-start' });
    const liar = newClient();
    liar.runId = new Uint8Array(16);
    await liar.join(sock);
    await liar.until('fault', () => liar.bodies('fault')[0]);
    expect(liar.bodies('fault')[0]).toMatchObject({ code: 'out-of-sync' });
    const again = newClient();
    again.runId = first.runId;
    again.lastSeq = first.lastSeq;
    await again.join(sock);
    await again.until('welcome', () => again.bodies('welcome')[0]);
    await first.until('end', () => first.isClosed);
  });

  it('followed by a new client is a new run', async () => {
    const sock = await startAgent(busy);
    const first = newClient();
    await first.join(sock);
    first.say(startProbe());
    await first.until('window', () => windows(first)[0]);
    first.cut();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = newClient();
    await second.join(sock);
    await second.until('device', () => second.signals[0]);
    expect(second.runId).not.toEqual(first.runId);
    expect(second.lastSeq).toBeGreaterThanOrEqual(1n);
    second.say(startProbe());
    await second.until('window', () => windows(second)[0]);
  });
});
