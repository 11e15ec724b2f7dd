import { afterEach, expect, test, vi } from 'vitest';
import { agentClient, AgentStream } from '../../../electron/device/agent-stream.ts';
import type { AgentClient } from '../../../electron/device/index.ts';
import { decodeClientFrame, encodeAgentFrame } from '../../../remote-agent/protocol/frames.ts';
import { encodeFrame, encodePreamble, FrameReader } from '../../../remote-agent/protocol/framing.ts';
import { tellingLine } from '../../../electron/device/device-words.ts';
import { type FakeChannel, fakeChannel, settled } from './fake-channel.ts';

afterEach(() => vi.useRealTimers());

const agentSays = (frame: Parameters<typeof encodeAgentFrame>[0]): Uint8Array => encodeFrame(encodeAgentFrame(frame));
const record = (seq: number): Uint8Array =>
  agentSays({ seq: BigInt(seq), body: { case: 'note', value: { text: `record ${seq}` } } });
const WELCOME = agentSays({
  body: {
    case: 'welcome',
    value: { agentVersion: '0.1.0', runId: Buffer.from('0badcafe', 'hex'), nextSeq: 5n, leaseS: 60, pid: 42 },
  },
});
const installation = { dir: '/d', loader: '/d/l', agent: '/d/a', node: '/n', nodeVersion: '20', ownNode: true };

async function open(): Promise<{ far: FakeChannel; stream: AgentStream; client: AgentClient }> {
  const far = fakeChannel();
  const stream = new AgentStream(far.channel, { clientVersion: '0.1.0', runId: '0badcafe', lastSeq: 4, leaseS: 60 });
  far.say(Buffer.concat([Buffer.from('Last login: never\r\n'), encodePreamble(), WELCOME]));
  return { far, stream, client: agentClient(stream, await stream.welcome, { installation, runDir: '/d/run/1' }) };
}
function clientSaid(far: FakeChannel): string[] {
  const reader = new FrameReader();
  return far.received
    .flatMap((chunk) => reader.push(chunk))
    .map((payload) =>
      JSON.stringify(decodeClientFrame(payload).body, (_key, value: unknown) =>
        typeof value === 'bigint' ? Number(value) : value,
      ),
    );
}

test('handshake: preamble and Hello go out at once, Welcome comes in behind a banner', async () => {
  const { far, client } = await open();
  expect(client.welcome).toEqual({
    agentVersion: '0.1.0',
    runId: '0badcafe',
    nextSeq: 5,
    lostBeforeSeq: 0,
    leaseS: 60,
    pid: 42,
  });
  await settled();
  expect(clientSaid(far)[0]).toContain('"clientVersion":"0.1.0"');
  expect(clientSaid(far)[0]).toContain('"lastSeq":4');
});

test('frames come in order, whole, however they are cut; the resume point follows what was handed on', async () => {
  const { far, client } = await open();
  const bytes = Buffer.concat([record(5), record(6), record(7)]);
  const seen: string[] = [];
  client.onFrame((frame, payload) => void seen.push(`${frame.seq} ${payload.length}`));
  for (const byte of bytes) far.say(Uint8Array.of(byte));
  await settled();
  expect(seen.map((line) => line.split(' ')[0])).toEqual(['5', '6', '7']);
  expect(client.resumePoint).toEqual({ installation, runDir: '/d/run/1', runId: '0badcafe', lastSeq: 7 });
  expect(client.receivedBytes).toBeGreaterThan(bytes.length);
});

test('nothing is lost before somebody listens, and a slow listener holds everything back', async () => {
  const { far, client } = await open();
  far.say(Buffer.concat([record(5), record(6)]));
  await settled();
  expect(client.resumePoint.lastSeq).toBe(4);
  const seen: number[] = [];
  let go: () => void = () => {};
  client.onFrame((frame) => {
    seen.push(Number(frame.seq));
    return new Promise<void>((resolve) => (go = resolve));
  });
  await settled();
  expect(seen).toEqual([5]);
  far.say(record(7));
  await settled();
  expect(seen).toEqual([5]);
  expect(far.channel.stdout.isPaused()).toBe(true);
  for (const expected of [
    [5, 6],
    [5, 6, 7],
  ]) {
    go();
    await settled();
    expect(seen).toEqual(expected);
  }
});

test('the round trip does not wait behind records', async () => {
  const { far, client } = await open();
  client.onFrame(() => new Promise(() => {}));
  far.say(record(5));
  await settled();
  const asked = client.ping();
  far.say(agentSays({ body: { case: 'pong', value: { token: 1n, monotonicNs: 7n, realtimeNs: 8n } } }));
  far.channel.stdout.resume();
  expect(await asked).toMatchObject({ monotonicNs: 7, realtimeNs: 8 });
  expect(client.rttMs).toBeGreaterThanOrEqual(0);
});

test('requests as the protocol has them', async () => {
  const { far, client } = await open();
  client.startProbe('cpu-profile', { hz: '99' });
  client.stopProbe('cpu-profile');
  client.ack(9);
  await settled();
  expect(clientSaid(far).slice(1)).toEqual([
    expect.stringContaining('"probe":"cpu-profile","options":{"hz":"99"}'),
    expect.stringContaining('"case":"stopProbe"'),
    expect.stringContaining('"seq":9'),
  ]);
});

test('ends: farewell, lost link, close, bytes that are no frames', async () => {
  const bye = await open();
  bye.client.onFrame(() => {});
  const shut = bye.client.shutdown('enough');
  bye.far.say(agentSays({ body: { case: 'farewell', value: { reason: 'enough' } } }));
  await shut;
  expect(await bye.client.closed).toEqual({ kind: 'farewell', reason: 'enough' });

  const cut = await open();
  const asked = cut.client.ping();
  cut.far.sayWords('loader: something\n');
  cut.far.end(1);
  expect(await cut.client.closed).toMatchObject({
    kind: 'lost',
    fault: { code: 'link-lost', detail: expect.stringContaining('loader: something') },
  });
  await expect(asked).rejects.toThrow();

  const closed = await open();
  closed.client.close();
  expect(await closed.client.closed).toEqual({ kind: 'closed' });
  await expect(closed.client.ping()).rejects.toThrow();
  expect(closed.far.isKilled()).toBe(true);

  const broken = await open();
  broken.client.onFrame(() => {});
  broken.far.say(encodeFrame(Uint8Array.of(0xff, 0xff, 0xff)));
  expect(await broken.client.closed).toMatchObject({ kind: 'lost', fault: { code: 'out-of-sync' } });
});

test('the goodbye is heard also where nobody listens', async () => {
  const { far, client } = await open();
  far.say(record(5));
  const shut = client.shutdown('enough');
  far.say(agentSays({ body: { case: 'farewell', value: { reason: 'enough' } } }));
  await shut;
  expect((await client.closed).kind).toBe('farewell');
});

test('a shutdown nobody answers ends after its grace', async () => {
  const { client } = await open();
  await client.shutdown('enough', 20);
  expect(await client.closed).toEqual({ kind: 'closed' });
});

test.each([
  ['at x\nError: no luck\n    at y (error.js)\nNode.js v20', 'Error: no luck'],
  ['one\ntwo\n', 'two'],
  ['', ''],
])('%j: the line that tells is %j', (words, line) => expect(tellingLine(words)).toBe(line));
