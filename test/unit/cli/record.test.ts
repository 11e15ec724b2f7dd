/** `sonde record` with a session that does what the test says. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openRecording } from '../../../electron/recording/index.ts';
import type { Rooms } from '../../../electron/cli/index.ts';
import type { RecordingView, SessionView } from '../../../electron/bridge/contract.ts';
import type { SessionEnd, SessionSink } from '../../../electron/session/index.ts';
import type { Fault, Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { record as recordFile, temporaryFolder } from '../recording/helpers.ts';
import { fakeWorld, type FakeOptions, sonde } from './fake-world.ts';

const LINK = { rttMs: 1, bytesPerSecond: 6000, user: 'root', address: '192.0.2.7:22', mergedWindows: 0 };

const SAMPLES = signalsFromStacks('nginx;main 3\nnginx;main 2 @1');

function fakeSession(recorded: readonly Signal[]) {
  const file = path.join(temporaryFolder(), 'edge-box.sonde.mcap');
  const recording: RecordingView = { file, bytes: 12_000, seconds: 3, fault: null };
  let sink: SessionSink | null = null;
  let settle: (end: SessionEnd) => void = () => undefined;
  const done = new Promise<SessionEnd>((resolve) => (settle = resolve));
  const end = async (fault: Fault | null, withRecording = true): Promise<void> => {
    if (withRecording) await recordFile(file, recorded).catch(() => undefined);
    settle({ fault, recording: withRecording ? recording : null });
  };
  const session = { answer: vi.fn(), disconnect: vi.fn(() => void end(null)), reconnectNow: vi.fn(), done };
  const startSession = vi.fn((_target: unknown, _deps: unknown, given: SessionSink) => {
    sink = given;
    return session;
  });
  const liveDeps = vi.fn(() => ({}));
  const rooms = { startSession, liveDeps } as unknown as Partial<Rooms>;
  const show = (view: SessionView): void => sink?.onView(view);
  const live = (): void => show({ kind: 'live', steps: [], link: LINK, recording });
  return { file, session, startSession, liveDeps, rooms, end, live, show, sink: () => sink };
}

const kilobytes = (file: string): string => (statSync(file).size / 1000).toFixed(1);

function start(words: string, options: FakeOptions = {}, recorded: readonly Signal[] = SAMPLES) {
  const fake = fakeSession(recorded);
  const world = fakeWorld({ ...options, rooms: fake.rooms });
  return { ...fake, world, ran: sonde(words, world) };
}

test('records for as long as it was told, then sums up', async () => {
  const { startSession, liveDeps, session, live, world, ran, file } = start(
    'record root@edge-box:2222 --for 20s -i /k1 -i /k2 --known-hosts /kh --accept-host-key SHA256:x --hz 49 --pid 7 -o a.mcap',
    { cwd: '/data' },
  );
  expect(startSession.mock.calls[0]?.[0]).toEqual({
    destination: 'root@edge-box:2222',
    identityFiles: ['/k1', '/k2'],
    knownHostsFile: '/kh',
    acceptHostKey: 'SHA256:x',
    probes: [{ probe: 'cpu-profile', options: { hz: '49', pid: '7' } }],
  });
  expect(liveDeps).toHaveBeenCalledWith({
    artifactsDir: '/nowhere',
    recordingDir: '/data',
    recordingFile: '/data/a.mcap',
  });
  world.pass(60_000); // connecting takes no time from the recording
  live();
  world.pass(19_000);
  live();
  expect(session.disconnect).not.toHaveBeenCalled();
  world.pass(1000);
  expect(session.disconnect).toHaveBeenCalledOnce();
  const { code, out, err } = await ran;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('100.0%         nginx (101)');
  expect(out).toContain(`recorded 3.0 s, of which 2.0 s are covered by data into ${file} (${kilobytes(file)} kB)`);
});

test('as JSON', async () => {
  const { live, world, ran, file } = start('record box --for 1s --json');
  live();
  world.pass(1000);
  expect(JSON.parse((await ran).out)).toMatchObject({
    ok: true,
    file,
    bytes: statSync(file).size,
    seconds: 3,
    interrupted: false,
    summary: { samples: { kept: 5 } },
  });
});

test('Ctrl-C stops, keeps the file and says where; a second one ends at once', async () => {
  const { live, session, world, ran, file } = start('record box');
  live();
  session.disconnect.mockImplementationOnce(() => undefined); // takes its time
  world.interrupt();
  expect(session.disconnect).toHaveBeenCalledOnce();
  expect(world.err()).toContain('stopping');
  expect(() => world.interrupt()).toThrow('exit at once with 130');
  session.disconnect();
  expect(await ran).toMatchObject({ code: 0, out: expect.stringContaining(file) });
});

test('stopped before there was data', async () => {
  const { end, ran, world } = start('record box --json');
  world.interrupt();
  await end(null, false);
  const { code, out } = await ran;
  expect(code).toBe(130);
  expect(JSON.parse(out)).toMatchObject({ ok: false, file: null, interrupted: true, fault: { code: 'cancelled' } });
});

test('a link that is lost for good: the code says so, the recording is summed up', async () => {
  const { end, live, ran } = start('record box --for 20s');
  live();
  await end({ code: 'link-lost', message: 'the connection ended and could not be made again' });
  const { code, out, err } = await ran;
  expect(code).toBe(16);
  expect(out).toContain('recorded 3.0 s');
  expect(err).toContain('could not be made again');
});

test('a fault on the way that the session survives is said at once', async () => {
  const { live, sink, world } = start('record box');
  live();
  sink()?.onFault({ code: 'file-io', message: 'cannot go on recording: the disk is full', hint: 'Free some space.' });
  expect(world.err()).toBe('sonde: cannot go on recording: the disk is full\n  → Free some space.\n');
});

const HOST_KEY: SessionView = {
  kind: 'connecting',
  steps: [],
  prompt: { kind: 'host-key', id: 1, host: 'box', algorithm: 'ssh-ed25519', fingerprint: 'SHA256:abc' },
};
const PASSWORD: SessionView = {
  kind: 'connecting',
  steps: [],
  prompt: { kind: 'secret', id: 2, purpose: 'password', text: 'Password of root@box', retry: false },
};

test('questions are asked on the terminal, once each', async () => {
  const asked: [string, boolean][] = [];
  const answers = ['maybe', 'yes', 's3cret'];
  const terminal = {
    ask: async (question: string, secret: boolean) => (asked.push([question, secret]), answers.shift() ?? null),
  };
  const { show, session, world } = start('record box', { terminal });
  show(HOST_KEY);
  show(HOST_KEY);
  await vi.waitFor(() => expect(session.answer).toHaveBeenCalledWith(1, true));
  show(PASSWORD);
  await vi.waitFor(() => expect(session.answer).toHaveBeenCalledWith(2, 's3cret'));
  expect(asked.map(([question, secret]) => [question.split('\n').at(-1), secret])).toEqual([
    ['Connect and remember it (yes/no)? ', false],
    ['Connect and remember it (yes/no)? ', false],
    ['Password of root@box: ', true],
  ]);
  expect(asked[0]?.[0]).toContain('SHA256:abc');
  expect(world.out() + world.err()).not.toContain('s3cret');
});

test('without a terminal a password cannot be asked for, and the fault says what to do', async () => {
  const { show, session, end, ran } = start('record box');
  show(PASSWORD);
  await vi.waitFor(() => expect(session.answer).toHaveBeenCalledWith(2, null));
  await end({ code: 'cancelled', message: 'cannot go on without an answer' }, false);
  const { code, err } = await ran;
  expect(code).toBe(13);
  expect(err).toContain('cannot ask for the Password of root@box: there is no terminal');
  expect(err).toContain('SSH_ASKPASS');
});

test('SSH_ASKPASS is asked instead', async () => {
  const { show, session } = start('record box', { askpass: async (question) => `answer to ${question}` });
  show(PASSWORD);
  await vi.waitFor(() => expect(session.answer).toHaveBeenCalledWith(2, 'answer to Password of root@box: '));
});

test('the progress line on a terminal', async () => {
  const { live, show, sink, world } = start('record box --for 20s', { isTerminal: true });
  show({
    kind: 'connecting',
    steps: [{ id: 'upload-node', state: 'running', detail: 'sending 24 MB', progress: 0.5, elapsedMs: 0 }],
    prompt: null,
  });
  expect(world.err()).toContain('upload node: sending 24 MB 50 %');
  await sink()?.onSignals(signalsFromStacks('a;main 3', { lost: { 'map-full': 2 } }));
  world.pass(200);
  live();
  expect(world.err()).toContain('recording 0:03 of 0:20, 3 samples, 2 lost, 12.0 kB');
});

test('several probes: an option goes to every one that has it', () => {
  const { startSession } = start('record box --probe cpu-profile,syscalls --probe cpu-profile --hz 49 --pid 7');
  expect(startSession.mock.calls[0]?.[0]).toMatchObject({
    probes: [
      { probe: 'cpu-profile', options: { hz: '49', pid: '7' } },
      { probe: 'syscalls', options: { pid: '7' } },
    ],
  });
});

const BOTH = [...SAMPLES, ...signalsFromCalls('mosquitto connect ECONNREFUSED 14 210\nmosquitto read - 10 60')];

test('both are summed up, and the progress line counts both', async () => {
  const { live, sink, world, ran } = start(
    'record box --for 1s --probe cpu-profile,syscalls',
    { isTerminal: true },
    BOTH,
  );
  live();
  expect(world.err()).toContain('recording 0:03 of 0:01, no data yet');
  await sink()?.onSignals(BOTH);
  world.pass(200);
  live();
  expect(world.err()).toContain('recording 0:03 of 0:01, 5 samples, 270 calls, 12.0 kB');
  world.pass(800);
  const { code, out } = await ran;
  expect(code).toBe(0);
  expect(out).toContain('100.0%         nginx (101)');
  expect(out).toContain('1.0 s of system calls: 270 (270/s), 210 of them failed (210/s)');
});

test('a probe that failed beside one that runs: said at once, recorded all the same, and the code tells', async () => {
  const { live, sink, session, ran, world } = start('record box --probe cpu-profile,syscalls');
  const fault: Fault = { code: 'kernel-verifier', message: 'cannot start syscalls: the verifier refused it' };
  await sink()?.onSignals([{ kind: 'probe', probe: 'syscalls', atNs: 1, what: { kind: 'failed', fault } }]);
  expect(world.err()).toBe('');
  live();
  expect(world.err()).toContain('the verifier refused it');
  session.disconnect();
  const { code, out } = await ran;
  expect(code).toBe(35);
  expect(out).toContain('recorded 3.0 s');
});

test('a filter that matches nothing says so', async () => {
  const none = signalsFromCalls('sh read - 3 1').map((signal): Signal => {
    if (signal.kind !== 'window') return signal;
    const counters = { ...signal.counters, seen: 50_000, kept: 0, filtered: 50_000 };
    return { ...signal, rows: 0, columns: signal.columns.map((column) => column.slice(0, 0)), counters };
  });
  const { live, session, ran } = start('record box --probe syscalls --pid 99999', {}, none);
  live();
  session.disconnect();
  const { code, err } = await ran;
  expect(code).toBe(0);
  expect(err).toContain('nothing matched --pid 99999: 50000 calls seen and filtered out');
});

/** Long enough for being smaller in order. */
const MINUTES = signalsFromStacks(
  Array.from({ length: 200 }, (_, second) => `nginx/w${second % 7};main;step_${second % 20} 3 @${second}`).join('\n'),
);

async function isTidied(file: string): Promise<boolean> {
  const reader = await openRecording(file);
  await reader.close();
  return reader.info.tidied;
}

describe('at its end the file is put in order', () => {
  test('which makes it smaller, and the line says so while it lasts', async () => {
    const { live, session, world, ran, file } = start('record box --json', { isTerminal: true }, MINUTES);
    live();
    session.disconnect();
    const { code, out } = await ran;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ bytes: statSync(file).size, summary: { samples: { kept: 600 } } });
    expect(await isTidied(file)).toBe(true);
    expect(world.err()).toMatch(/putting it in order \d+ %/);
  });

  test('Ctrl-C leaves it as it was recorded, whole', async () => {
    const { live, session, world, ran, file } = start('record box', { isTerminal: true }, MINUTES);
    live();
    session.disconnect();
    await vi.waitFor(() => expect(world.err()).toContain('putting it in order'), { interval: 1 });
    world.interrupt();
    const { code, out, err } = await ran;
    expect(code).toBe(0);
    expect(out).toContain('recorded 3.0 s');
    expect(err).toContain('whole, but not in order: it was stopped');
    expect(await isTidied(file)).toBe(false);
    expect(readdirSync(path.dirname(file))).toEqual(['edge-box.sonde.mcap']);
  });
});
