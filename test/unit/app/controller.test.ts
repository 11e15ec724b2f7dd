import { rulesOf } from '../../../electron/bridge/redaction.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionView, Target } from '../../../electron/bridge/contract.ts';
import type { Fault } from '../../../remote-agent/protocol/fault.ts';
import { Controller } from '../../../renderer/app/controller.ts';
import type { Session } from '../../../renderer/app/session.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { HandClock } from '../store/hand-clock.ts';
import { FakeDesk } from './fake-desk.ts';

const TARGET: Target = {
  destination: 'box',
  identityFiles: [],
  knownHostsFile: null,
  probes: [{ probe: 'cpu-profile', options: {} }],
};
const FAULT: Fault = { code: 'host-unreachable', message: 'cannot reach box' };
const LIVE: SessionView = {
  kind: 'live',
  steps: [],
  link: { rttMs: 1, bytesPerSecond: 1, user: 'u', address: 'a', mergedWindows: 0 },
  recording: { file: '/r', bytes: 1, seconds: 1, fault: null },
};

let clock: HandClock;

beforeAll(() => void vi.useFakeTimers());
afterAll(() => void vi.useRealTimers());
beforeEach(() => void (clock = new HandClock()));

async function started(desk: FakeDesk): Promise<Controller> {
  const controller = new Controller(desk, clock);
  await controller.start();
  return controller;
}

function sessionOf(controller: Controller): Session {
  const { screen } = controller.state.getState();
  if (screen.kind !== 'session') throw new Error('no session is on screen');
  return screen.session;
}

/** Everything that was promised has happened. */
const soon = () => vi.advanceTimersByTimeAsync(0);

async function live(desk: FakeDesk, controller: Controller) {
  controller.connect(TARGET);
  await soon();
  const source = desk.hand('live-1');
  source.show(LIVE);
  return source;
}

describe('starting', () => {
  test('knows the version, the user, and what was used before', async () => {
    const device = { destination: 'box', identityFiles: [], lastUsedMs: 1, hostname: 'b', osName: '' };
    const controller = await started(new FakeDesk({ 'recent-devices': [device] }));
    expect(controller.state.getState()).toMatchObject({ version: '0.1.0', user: 'mara', devices: [device] });
  });
});

describe('opening', () => {
  test('connecting opens the session when its port is there', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    controller.connect(TARGET);
    expect(controller.state.getState().screen).toMatchObject({ kind: 'start', busy: 'Connecting to box' });
    await soon();
    desk.hand('live-1');
    expect(sessionOf(controller)).toMatchObject({ id: 'live-1', origin: { kind: 'live', target: TARGET } });
  });

  test('the port may come before the answer', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    desk.hand('live-1');
    controller.connect(TARGET);
    await soon();
    expect(sessionOf(controller).id).toBe('live-1');
  });

  test('a refusal is shown on the start screen, a cancelled dialog is not', async () => {
    const refused = await started(new FakeDesk({ connect: { fault: FAULT } }));
    refused.connect(TARGET);
    await soon();
    expect(refused.state.getState().screen).toEqual({ kind: 'start', fault: FAULT, busy: null });
    const cancelled = await started(new FakeDesk({ 'open-recording': null }));
    cancelled.openRecording(null);
    await soon();
    expect(cancelled.state.getState().screen).toEqual({ kind: 'start', fault: null, busy: null });
  });

  test('what main opens by itself is shown', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    desk.emit('session-opened', { sessionId: 's', kind: 'recording' });
    desk.hand('s');
    expect(sessionOf(controller).origin).toEqual({ kind: 'recording' });
  });

  test('a device that main has opened by itself can be connected again', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    desk.emit('session-opened', { sessionId: 's', kind: 'live', target: TARGET });
    desk.hand('s');
    controller.connectAgain();
    await soon();
    expect(desk.asked).toContainEqual({ name: 'connect', args: [TARGET] });
  });

  test('the next session closes the one before', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    desk.emit('session-opened', { sessionId: 'first', kind: 'recording' });
    desk.hand('first');
    controller.openRecording('/b.mcap');
    await soon();
    desk.hand('recording-1');
    await soon();
    expect(sessionOf(controller).id).toBe('recording-1');
    expect(desk.asked.filter(({ name }) => name === 'close-session')).toEqual([
      { name: 'close-session', args: ['first'] },
    ]);
  });
});

describe('a live session is not ended by accident', () => {
  test('opening a recording asks first; no leaves everything as it was', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    await live(desk, controller);
    controller.openRecording('/dropped/a.mcap');
    expect(desk.names()).not.toContain('open-recording');
    controller.state.getState().question?.onNo();
    expect(controller.state.getState().question).toBeNull();
    expect(sessionOf(controller).id).toBe('live-1');
  });

  test('yes goes on', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    await live(desk, controller);
    controller.openRecording('/dropped/a.mcap');
    controller.state.getState().question?.onYes();
    await soon();
    expect(desk.asked).toContainEqual({ name: 'open-recording', args: ['/dropped/a.mcap'] });
  });

  test('what main has opened meanwhile is closed again if the user stays', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    await live(desk, controller);
    desk.emit('session-opened', { sessionId: 'other', kind: 'recording' });
    controller.state.getState().question?.onNo();
    expect(desk.asked).toContainEqual({ name: 'close-session', args: ['other'] });
  });

  test('cancelling while connecting asks nothing', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    controller.connect(TARGET);
    await soon();
    desk.hand('live-1').show({ kind: 'connecting', steps: [], prompt: null });
    controller.cancelConnecting();
    expect(controller.state.getState()).toMatchObject({ screen: { kind: 'start' }, question: null });
  });
});

describe('on the session', () => {
  test('the menu can disconnect; the data stays on screen', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    const source = await live(desk, controller);
    void source.push(signalsFromStacks('a;b'));
    clock.frame(1000);
    desk.emit('command', { name: 'disconnect' });
    expect(source.disconnects).toBe(1);
    source.show({ kind: 'ended', fault: null, steps: [], recording: null });
    expect(sessionOf(controller).snapshots.getState().probes.get('cpu-profile')?.windows.rowCount).toBe(1);
  });

  test('an export asks where, writes the range, and says so', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    const source = await live(desk, controller);
    await controller.exportSession({ format: 'folded', table: null }, [{ fromNs: 1, toNs: 2 }]);
    expect(source.exports).toEqual([
      { format: 'folded', table: null, file: '/home/mara/gateway.folded', ranges: [{ fromNs: 1, toNs: 2 }] },
    ]);
    expect(controller.state.getState().toasts).toMatchObject([{ file: '/home/mara/gateway.folded', fault: null }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(controller.state.getState().toasts).toEqual([]);
  });

  test('a failed export stays in sight until it is closed', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    (await live(desk, controller)).exportOutcome = { ok: false, fault: FAULT };
    await controller.exportSession({ format: 'pprof', table: null }, []);
    await vi.advanceTimersByTimeAsync(60_000);
    const [toast] = controller.state.getState().toasts;
    expect(toast?.fault).toEqual(FAULT);
    controller.closeToast(toast?.id ?? 0);
    expect(controller.state.getState().toasts).toEqual([]);
  });

  test('an export that was cancelled is no failure', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    const fault: Fault = { code: 'cancelled', message: 'the export of /r was stopped' };
    (await live(desk, controller)).exportOutcome = { ok: false, fault };
    await controller.exportSession({ format: 'pprof', table: null }, []);
    expect(controller.state.getState().toasts).toMatchObject([{ text: 'Cancelled; nothing was written', fault: null }]);
  });

  test('no file chosen, nothing exported', async () => {
    const desk = new FakeDesk({ 'choose-export-file': null });
    const controller = await started(desk);
    const source = await live(desk, controller);
    await controller.exportSession({ format: 'folded', table: null }, []);
    expect(source.exports).toEqual([]);
  });

  test('sharing writes under a name without the device', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    const source = await live(desk, controller);
    await controller.shareSession(rulesOf(['host']), null, [{ fromNs: 3, toNs: 9 }]);
    expect(desk.asked.at(-1)).toMatchObject({
      name: 'choose-share-file',
      args: [expect.stringMatching(/^redacted [\d -]+\.sonde\.mcap$/)],
    });
    expect(source.shared).toMatchObject([
      { file: '/home/mara/redacted.sonde.mcap', what: null, rules: { host: true }, ranges: [{ fromNs: 3, toNs: 9 }] },
    ]);
  });

  test('what is opened from the library is left for the library', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    controller.showLibrary();
    await soon();
    expect(controller.state.getState().library).not.toBeNull();
    controller.openRecording('/recordings/a.sonde.mcap');
    await soon();
    desk.hand('recording-1');
    expect(controller.state.getState().screen.kind).toBe('session');
    controller.leave();
    expect(controller.state.getState().screen.kind).toBe('library');
    controller.leave();
    expect(controller.state.getState().screen.kind).toBe('start');
  });

  test('what the trash does not take is deleted for ever only after another question', async () => {
    const file = '/recordings/a.sonde.mcap';
    const desk = new FakeDesk({ 'delete-recordings': [{ file, fault: FAULT }] });
    const controller = await started(desk);
    await controller.library.remove([file], false);
    const asked = () => desk.asked.filter(({ name }) => name === 'delete-recordings').map(({ args }) => args[1]);
    expect(asked()).toEqual(['trash']);
    controller.state.getState().question?.onNo();
    expect(asked()).toEqual(['trash']);
    await controller.library.remove([file], false);
    controller.state.getState().question?.onYes();
    await soon();
    expect(asked()).toEqual(['trash', 'trash', 'for-ever']);
  });

  test('connecting again uses the same target', async () => {
    const desk = new FakeDesk();
    const controller = await started(desk);
    const source = await live(desk, controller);
    source.show({ kind: 'ended', fault: FAULT, steps: [], recording: null });
    controller.connectAgain();
    await soon();
    expect(desk.asked.filter(({ name }) => name === 'connect')).toEqual([
      { name: 'connect', args: [TARGET] },
      { name: 'connect', args: [TARGET] },
    ]);
  });
});
