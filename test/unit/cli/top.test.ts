/** `sonde top` with a session that does what the test says. */
import { expect, test, vi } from 'vitest';
import type { Rooms } from '../../../electron/cli/index.ts';
import type { SessionEnd, SessionSink } from '../../../electron/session/index.ts';
import type { Fault, Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { fakeWorld, type FakeOptions, sonde } from './fake-world.ts';

const LINK = { rttMs: 1, bytesPerSecond: 6000, user: 'root', address: '192.0.2.7:22', mergedWindows: 0 };
const NOTHING = { file: '', bytes: 0, seconds: 0, fault: null };
const CALLS = `
  mosquitto  connect  ECONNREFUSED  14  210
  mosquitto  read     -             20   40
  sh         read     -              8  600 @1
`;

function start(words: string, options: FakeOptions = {}) {
  let sink: SessionSink | null = null;
  let settle: (end: SessionEnd) => void = () => undefined;
  const done = new Promise<SessionEnd>((resolve) => (settle = resolve));
  const end = (fault: Fault | null = null): void => settle({ fault, recording: null });
  const session = { answer: vi.fn(), disconnect: vi.fn(() => end()), reconnectNow: vi.fn(), done };
  const startSession = vi.fn((_target: unknown, _deps: unknown, given: SessionSink) => {
    sink = given;
    return session;
  });
  const liveDeps = vi.fn(() => ({}));
  const world = fakeWorld({ ...options, rooms: { startSession, liveDeps } as unknown as Partial<Rooms> });
  const ran = sonde(words, world);
  const live = (): void => sink?.onView({ kind: 'live', steps: [], link: LINK, recording: NOTHING });
  const reconnecting = (): void =>
    sink?.onView({ kind: 'reconnecting', sinceMs: 0, attempt: 2, giveUpMs: 9, why: 'no answer', recording: NOTHING });
  const hear = async (signals: readonly Signal[]): Promise<void> => sink?.onSignals(signals);
  return { startSession, liveDeps, session, world, ran, live, reconnecting, hear, end };
}

test('nothing is recorded, and only this probe runs', () => {
  const { startSession, liveDeps } = start('top box --pid 7');
  expect(liveDeps).toHaveBeenCalledWith({ artifactsDir: '/nowhere', recordingDir: null, recordingFile: null });
  expect(startSession.mock.calls[0]?.[0]).toMatchObject({ probes: [{ probe: 'syscalls', options: { pid: '7' } }] });
});

test('in a pipe: a block per interval, of what came in it', async () => {
  const { live, hear, world, session, ran } = start('top box --sort calls');
  live();
  await hear(signalsFromCalls(CALLS));
  world.pass(2000);
  world.pass(2000); // nothing came: nothing is shown
  session.disconnect();
  const { code, out, err } = await ran;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toBe(
    [
      'box  0:02  425 calls/s',
      'CALLS/S  ERR/S  TIME/S     P50     P99     MAX  CALL     PROCESS',
      '    300      0  115 µs  384 ns  509 ns  511 ns  read     sh (102)',
      '    105    105  2.6 ms   25 µs   33 µs   33 µs  connect  mosquitto (101)',
      '     20      0   31 ms  1.6 ms  2.1 ms  2.1 ms  read     mosquitto (101)',
      '',
      '',
    ].join('\n'),
  );
});

test('by call, by process, by time, the largest only', async () => {
  const table = async (words: string): Promise<string[]> => {
    const { live, hear, world, session, ran } = start(`top box ${words}`);
    live();
    await hear(signalsFromCalls(CALLS));
    world.pass(2000);
    session.disconnect();
    return (await ran).out.trimEnd().split('\n').slice(2);
  };
  expect(await table('--by call')).toEqual([
    expect.stringMatching(/320 .* read$/),
    expect.stringMatching(/105 .* connect$/),
  ]);
  expect(await table('--by process --sort errors --limit 1')).toEqual([
    expect.stringMatching(/125 +105 .* mosquitto \(101\)$/),
  ]);
});

test('as JSON: one line at the end, of the whole time', async () => {
  const { live, hear, world, ran } = start('top box --by call --for 4s --json');
  live();
  await hear(signalsFromCalls(CALLS));
  world.pass(2000);
  world.pass(2000);
  const { out } = await ran;
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    host: 'box',
    by: 'call',
    sort: 'time',
    seconds: 2,
    interrupted: false,
    rows: [
      { call: 'read', count: 640, errors: 0, perSecond: 320 },
      { call: 'connect', count: 210, errors: 210, maxNs: 32767 },
    ],
  });
});

test('on a terminal it is drawn over, and a cut link is said where the eye is', async () => {
  const { live, reconnecting, hear, world, session, ran } = start('top box', { isTerminal: true });
  live();
  await hear(signalsFromCalls(CALLS));
  world.pass(2000);
  await Promise.resolve();
  expect(world.out()).toContain('connect');
  reconnecting();
  expect(world.out()).toContain('the link is cut (no answer), attempt 2');
  expect(world.out()).toContain('\u001b[5A');
  world.interrupt();
  expect(session.disconnect).toHaveBeenCalledOnce();
  expect((await ran).code).toBe(0);
});

test('a filter that matches nothing says so', async () => {
  const none = signalsFromCalls('sh read - 3 1').map((signal): Signal => {
    if (signal.kind !== 'window') return signal;
    const counters = { ...signal.counters, seen: 5000, kept: 0, filtered: 5000 };
    return { ...signal, rows: 0, columns: signal.columns.map((column) => column.slice(0, 0)), counters };
  });
  const { live, hear, world, session, ran } = start('top box --pid 99999');
  live();
  await hear(none);
  world.pass(2000);
  session.disconnect();
  expect((await ran).out).toBe('box  0:01  nothing matches --pid 99999: 5 000 calls/s seen and filtered out\n\n');
});

test('functions of a CPU profile, or its processes', async () => {
  const table = async (words: string): Promise<string> => {
    const { live, hear, world, session, ran } = start(`top box --probe cpu-profile ${words}`);
    live();
    await hear(signalsFromStacks('nginx;main;loop 30\nsh;main 10'));
    world.pass(2000);
    session.disconnect();
    return (await ran).out;
  };
  expect(await table('')).toMatch(
    /40 samples\/s\n +SELF +TOTAL +FUNCTION +MODULE\n *75\.0% +75\.0% +loop +\/usr\/bin\/nginx\n/,
  );
  expect(await table('--by process')).toMatch(/75\.0% +30 +nginx \(101\)\n/);
});

test('a session that ends badly', async () => {
  const { live, end, ran } = start('top box');
  live();
  end({ code: 'link-lost', message: 'the connection ended and could not be made again' });
  expect(await ran).toMatchObject({ code: 16, err: expect.stringContaining('could not be made again') });
});

test.each([
  ['--interval 0.5s', 'The device counts in seconds'],
  ['--by thread', 'There is --by both, call, process.'],
  ['--sort size', 'There is --sort time, calls, errors.'],
  ['--limit 0', 'cannot understand --limit 0'],
  ['--probe cpu-profile --by both', 'There is --by call, process.'],
  ['--probe cpu-profile --sort errors', 'There is --sort time.'],
  ['--probe net-flows --by call', 'There is --by flow, process, remote.'],
  ['--include-own', 'syscalls has nothing of Sonde itself'],
])('top box %s is refused before anything goes to the device', async (words, message) => {
  const { startSession, ran } = start(`top box ${words}`);
  const { code, err } = await ran;
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(startSession).not.toHaveBeenCalled();
});
