/** Settings, the first screen and the question before leaving, as the window keeps them. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeviceRecording, FlightView, SessionView, Target } from '../../../electron/bridge/contract.ts';
import { DEFAULT_SETTINGS } from '../../../electron/bridge/settings.ts';
import type { ProbeSignal } from '../../../remote-agent/protocol/signal.ts';
import { Controller } from '../../../renderer/app/controller.ts';
import { HandClock } from '../store/hand-clock.ts';
import { FakeDesk } from './fake-desk.ts';

const TARGET: Target = {
  destination: 'box',
  identityFiles: [],
  knownHostsFile: null,
  probes: [{ probe: 'cpu-profile', options: { hz: '49' } }],
};
const LIVE: SessionView = {
  kind: 'live',
  steps: [],
  link: { rttMs: 1, bytesPerSecond: 1, user: 'u', address: 'a', mergedWindows: 0 },
  recording: { file: '/r', bytes: 1, seconds: 1, fault: null },
};
const QUIET: FlightView = { triggers: [], keepsTriggered: true, waiting: [], busy: null, kept: [] };
const onDevice = (id: string, running: boolean): DeviceRecording => ({
  id,
  brokeOff: false,
  startedMs: 0,
  running,
  state: '',
  seconds: 0,
  bytes: 0,
  probes: [],
  firings: 0,
});

let desk: FakeDesk;
let controller: Controller;
let clock: HandClock;
const begin = async (results: ConstructorParameters<typeof FakeDesk>[0] = {}) => {
  desk = new FakeDesk(results);
  clock = new HandClock();
  controller = new Controller(desk, clock);
  await controller.start();
};
beforeEach(() => begin());

const state = () => controller.state.getState();
const soon = () => new Promise((resolve) => setTimeout(resolve));
const argsOf = (name: string) => desk.asked.filter((asked) => asked.name === name).map(({ args }) => args);
const live = async () => {
  controller.connect(TARGET);
  await soon();
  const source = desk.hand('live-1');
  source.show(LIVE);
  source.showFlight({ ...QUIET, waiting: [onDevice('old', false)] });
  return source;
};

describe('settings', () => {
  test('are known from the start, open from the menu, and one is changed at a time', async () => {
    expect(state().settings?.settings).toEqual(DEFAULT_SETTINGS);
    desk.emit('command', { name: 'settings' });
    expect(state().overlay).toBe('settings');
    await soon();
    expect(state()).toMatchObject({ secretStore: { kept: [] }, library: { recordings: [] } });
    await controller.settings.change({ theme: 'dark' });
    await controller.settings.reset();
    expect(argsOf('set-settings')).toEqual([[{ ...DEFAULT_SETTINGS, theme: 'dark' }], [DEFAULT_SETTINGS]]);
  });

  test('a folder is the one that was chosen; none is chosen, none is set', async () => {
    await controller.settings.chooseFolder();
    expect(argsOf('set-settings')).toEqual([[{ ...DEFAULT_SETTINGS, recordingsFolder: '/media/disk/recordings' }]]);
    await begin({ 'choose-recordings-folder': null });
    await controller.settings.chooseFolder();
    expect(argsOf('set-settings')).toEqual([]);
  });

  test('what could not be kept is told, and what holds is what held', async () => {
    await begin({ 'set-settings': { fault: { code: 'file-io', message: 'cannot keep the settings: no space' } } });
    await controller.settings.change({ theme: 'dark' });
    expect(state().toasts).toMatchObject([{ fault: { message: 'cannot keep the settings: no space' } }]);
    expect(state().settings?.settings.theme).toBe('system');
  });

  test('forgetting a host key says what came of it', async () => {
    await controller.settings.forgetHostKey('box');
    expect(state().toasts).toMatchObject([{ text: 'The host key of box is forgotten' }]);
    await begin({ 'forget-host-key': { removed: 0, stayed: ['/etc/kh:3'] } });
    await controller.settings.forgetHostKey('box');
    expect(state().toasts).toMatchObject([{ text: 'No host key of box is kept; it is still named in /etc/kh:3' }]);
  });
});

describe('the first screen', () => {
  const info = { version: '1', electron: '1', sampleRecording: true, user: 'mara', isFirstStart: true };

  test('comes once, and again when it is asked for', async () => {
    expect(state().overlay).toBeNull();
    await begin({ 'app-info': info });
    expect(state().overlay).toBe('welcome');
    controller.closeWelcome();
    expect(state().overlay).toBeNull();
    expect(argsOf('dismiss-welcome')).toEqual([[]]);
    desk.emit('command', { name: 'welcome' });
    expect(state().overlay).toBe('welcome');
  });

  test('does not hide what Sonde was started with, and comes another time then', async () => {
    await begin({ 'app-info': info });
    desk.emit('session-opened', { sessionId: 'recording-1', kind: 'recording' });
    desk.hand('recording-1');
    expect(state().overlay).toBeNull();
    expect(argsOf('dismiss-welcome')).toEqual([]);
  });
});

describe('leaving while a device is watched', () => {
  const answers = () => argsOf('answer-quit').flat();

  test('is asked; Cancel stays, Stop leaves', async () => {
    await live();
    desk.emit('quit-asked', {});
    expect(state().quit).toEqual({ kind: 'asking', fault: null });
    controller.quitting.stay();
    expect(state().quit).toBeNull();
    desk.emit('quit-asked', {});
    controller.quitting.leave();
    expect(answers()).toEqual([false, true]);
  });

  test('is not asked where nothing is shown that would end', () => {
    desk.emit('quit-asked', {});
    expect(answers()).toEqual([true]);
  });

  test('the device goes on with what runs now; the window leaves when it does, not before', async () => {
    const source = await live();
    const event = (probe: string, what: ProbeSignal['what']): ProbeSignal => ({ kind: 'probe', probe, atNs: 1, what });
    const started = { kind: 'started', mapBytes: 1, cpus: 2 } as const;
    const taken = source.push([
      event('cpu-profile', { ...started, options: {} }),
      event('syscalls', { ...started, options: { pid: '7', cgroup: '' } }),
      event('cpu-profile', { kind: 'stopped', reason: 'asked to' }),
    ]);
    clock.frame();
    await taken;
    desk.emit('quit-asked', {});
    controller.quitting.keepOnDevice();
    expect(state().quit).toEqual({ kind: 'starting' });
    expect(source.unattended).toMatchObject([{ probes: [{ probe: 'syscalls', options: { pid: '7' } }], triggers: [] }]);
    source.showFlight({ ...QUIET, busy: { text: 'starting', progress: null } });
    expect(answers()).toEqual([]);
    source.showFlight({ ...QUIET, waiting: [onDevice('old', false), onDevice('new', true)] });
    expect(answers()).toEqual([true]);
  });

  test('where the device refuses, that is told and the question stands', async () => {
    const source = await live();
    desk.emit('quit-asked', {});
    controller.quitting.keepOnDevice();
    source.fail({ code: 'agent-start', message: 'no space' });
    expect(state().quit).toMatchObject({ kind: 'asking', fault: { message: 'no space' } });
    source.showFlight({ ...QUIET, waiting: [onDevice('late', true)] });
    expect(answers()).toEqual([]);
  });

  test('a link that breaks meanwhile is told too', async () => {
    const source = await live();
    desk.emit('quit-asked', {});
    controller.quitting.keepOnDevice();
    source.show({ kind: 'ended', fault: null, steps: [], recording: null });
    expect(state().quit).toMatchObject({ kind: 'asking', fault: { code: 'link-lost' } });
  });

  test('who cancels while the device is being told stays', async () => {
    const source = await live();
    desk.emit('quit-asked', {});
    controller.quitting.keepOnDevice();
    controller.quitting.stay();
    source.showFlight({ ...QUIET, waiting: [onDevice('new', true)] });
    expect(answers()).toEqual([false]);
    expect(state().quit).toBeNull();
  });
});
