/** A session with several probes: what runs, what does not, and what becomes of both when link or agent go away. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProbeChoice, SessionView } from '../../../electron/bridge/contract.ts';
import { type Session, type SessionEnd, startSession } from '../../../electron/session/index.ts';
import type { Fault, ProbeSignal, Signal } from '../../../remote-agent/protocol/index.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDevice } from './fake-device.ts';

const CPU = { probe: 'cpu-profile', options: {} };
const CALLS = { probe: 'syscalls', options: { pid: '7' } };
const refusal: Fault = { code: 'kernel-verifier', message: 'the verifier refused it' };

let clock: FakeClock;
let device: FakeDevice;
let session: Session;
let view: SessionView | null;
let kinds: string[];
let signals: Signal[];
let faults: Fault[];
let end: SessionEnd | null;

beforeEach(() => {
  clock = new FakeClock();
  device = new FakeDevice(clock);
  view = null;
  kinds = [];
  signals = [];
  faults = [];
  end = null;
});

afterEach(async () => {
  session.disconnect();
  await clock.pass(5000);
  expect(end).not.toBeNull();
  expect(device.openConnections.size).toBe(0);
});

async function start(...probes: readonly ProbeChoice[]): Promise<void> {
  const target = { destination: 'ops@edge-7', identityFiles: [], knownHostsFile: null, probes };
  session = startSession(target, device.deps(), {
    onView: (next) => {
      if (view?.kind !== next.kind) kinds.push(next.kind);
      view = next;
    },
    onSignals: async (batch) => void signals.push(...batch),
    onFault: (fault) => faults.push(fault),
  });
  void session.done.then((value) => {
    end = value;
  });
  await clock.pass(300);
}

const asked = (): string[] => device.log.filter((entry) => /^(start|stop) /.test(entry));
const said = (): string[] =>
  signals
    .filter((signal): signal is ProbeSignal => signal.kind === 'probe')
    .map(({ probe, what }) => `${probe} ${what.kind}`);

test('both are started, and both are recorded and shown', async () => {
  await start(CPU, CALLS);
  await clock.pass(100);
  expect(kinds).toEqual(['connecting', 'live']);
  expect(asked()).toEqual(['start cpu-profile', 'start syscalls']);
  expect(said()).toEqual(['cpu-profile started', 'syscalls started']);
  expect(device.recording.written).toEqual(['1', '2', '3']);
});

test('one that cannot start is a signal, not the end; the session is live with the other', async () => {
  device.probeFaults.set('cpu-profile', refusal);
  await start(CPU, CALLS);
  await clock.pass(100);
  expect(view?.kind).toBe('live');
  expect(said()).toEqual(['cpu-profile failed', 'syscalls started']);
  expect(faults).toEqual([]);
});

test('none that can start is the end', async () => {
  device.probeFaults.set('cpu-profile', refusal).set('syscalls', { ...refusal, message: 'nor this one' });
  await start(CPU, CALLS);
  expect(view).toMatchObject({ kind: 'ended', fault: { code: 'kernel-verifier', message: 'nor this one' } });
});

test('the session goes live with the first that runs; one that never answers is told later', async () => {
  device.mute = true;
  await start(CPU, CALLS);
  expect(view?.kind).toBe('connecting');
  device.answerStart('syscalls');
  await clock.pass(100);
  expect(view?.kind).toBe('live');
  await clock.pass(61_000);
  expect(view?.kind).toBe('live');
  expect(faults).toEqual([expect.objectContaining({ code: 'loader-start', probe: 'cpu-profile' })]);
});

test('one that fails while it runs is survived, the last one is not', async () => {
  await start(CPU, CALLS);
  device.window(1);
  device.failProbe('cpu-profile', refusal);
  await clock.pass(100);
  expect(view?.kind).toBe('live');
  device.failProbe('syscalls', { ...refusal, message: 'this one, too' });
  await clock.pass(1000);
  expect(view).toMatchObject({ kind: 'ended', fault: { message: 'this one, too' } });
});

test('the user starts and stops probes; stopping all is not the end, nor is one that then fails to start', async () => {
  await start(CPU);
  session.startProbe('syscalls', { pid: '7' });
  session.stopProbe('cpu-profile');
  session.stopProbe('syscalls');
  device.probeFaults.set('syscalls', refusal);
  session.startProbe('syscalls', {});
  await clock.pass(1000);
  expect(asked()).toEqual([
    'start cpu-profile',
    'start syscalls',
    'stop cpu-profile',
    'stop syscalls',
    'stop syscalls', // again: whether it was heard is not known yet
    'start syscalls',
  ]);
  expect(said().at(-1)).toBe('syscalls failed');
  expect(view?.kind).toBe('live');
});

test('other options: it is stopped and started, so that there is an answer in any case', async () => {
  await start(CALLS);
  session.startProbe('syscalls', { pid: '7' });
  await clock.pass(100);
  expect(asked()).toEqual(['start syscalls']);
  session.startProbe('syscalls', { pid: '8' });
  await clock.pass(100);
  expect(asked().slice(1)).toEqual(['stop syscalls', 'start syscalls']);
});

test('a link that is lost while probes are being started comes back, and they are asked for again', async () => {
  device.mute = true;
  await start(CPU, CALLS);
  device.cut();
  device.mend();
  device.mute = false;
  await clock.pass(2000);
  expect(kinds).toEqual(['connecting', 'reconnecting', 'live']);
  expect(asked()).toEqual(['start cpu-profile', 'start syscalls', 'start cpu-profile', 'start syscalls']);
});

test('an agent that dies while probes are being started is started again, and so are they', async () => {
  device.mute = true;
  await start(CPU, CALLS);
  device.killAgent();
  device.mute = false;
  await clock.pass(3000);
  expect(kinds).toEqual(['connecting', 'reconnecting', 'live']);
  expect(asked().slice(2)).toEqual(['start cpu-profile', 'start syscalls']);
});

test('after an agent was started again, whatever the user wants now runs', async () => {
  await start(CPU);
  session.startProbe('syscalls', {});
  session.stopProbe('cpu-profile');
  await clock.pass(100);
  device.killAgent();
  await clock.pass(3000);
  expect(view?.kind).toBe('live');
  expect(asked().slice(3)).toEqual(['start syscalls']);
});

test('what the user asks for while the link is away is done when it is back', async () => {
  await start(CPU);
  device.cut();
  await clock.pass(1000);
  session.startProbe('syscalls', {});
  session.stopProbe('cpu-profile');
  expect(asked()).toEqual(['start cpu-profile']);
  device.mend();
  await clock.pass(10_000);
  expect(view?.kind).toBe('live');
  expect(asked().slice(1)).toEqual(['stop cpu-profile', 'start syscalls']);
});

test('a cable that is out just while the agent is started again: it is tried until the device answers', async () => {
  await start(CPU);
  device.killAgent();
  device.failing.set('detect', { code: 'link-lost', message: 'the connection was reset' });
  await clock.pass(2000);
  expect(device.log.filter((entry) => entry === 'detect')).toHaveLength(2);
  await clock.pass(5000);
  expect(view?.kind).toBe('live');
});

test('stopping while no probe is wanted, over a cut: the session comes back live with none', async () => {
  await start(CPU);
  session.stopProbe('cpu-profile');
  await clock.pass(100);
  device.cut();
  device.mend();
  await clock.pass(2000);
  expect(view?.kind).toBe('live');
  expect(asked()).toEqual(['start cpu-profile', 'stop cpu-profile']);
});

test('stopped and started while the link is away: the agent is made to answer although nothing may have changed', async () => {
  await start(CPU);
  device.cut();
  await clock.pass(1000);
  session.stopProbe('cpu-profile');
  session.startProbe('cpu-profile', {});
  device.mend();
  await clock.pass(10_000);
  expect(asked().slice(1)).toEqual(['stop cpu-profile', 'start cpu-profile']);
  expect(view?.kind).toBe('live');
});

test('one that fails while it is being stopped is not the end', async () => {
  await start(CPU);
  device.cut();
  session.stopProbe('cpu-profile');
  device.failProbe('cpu-profile', refusal);
  device.mend();
  await clock.pass(5000);
  expect(view?.kind).toBe('live');
});
