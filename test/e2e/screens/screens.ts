// Every state of the window that has a look of its own, by name.
import type { Mark, RecentDevice, RecentRecording } from '../../../electron/bridge/contract.ts';
import type { SecretStoreView } from '../../../electron/bridge/settings.ts';
import type { Controller } from '../../../renderer/app/controller.ts';
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import type { MemorySource } from '../../../renderer/source/index.ts';
import type { FakeDesk } from '../../unit/app/fake-desk.ts';
import { withCalls } from './box-calls.ts';
import { type EventsLook, withEvents } from './box-events.ts';
import { withFlows } from './box-flows.ts';
import { earlierBox, otherBox } from './box-earlier.ts';
import { boxSignals, START_NS } from './box-signals.ts';
import { EMPTY_LIBRARY, libraryOf, previewOf } from './recordings.ts';
import { CRASHED, KEPT_SECRETS, NO_KEYRING, NO_UNATTENDED, SETTINGS_TROUBLE } from './settings.ts';
import { EMPTY_SUMMARY, SUMMARY } from './summaries.ts';
import {
  connecting,
  DONE_STEPS,
  HOST_KEY,
  LINK_LOST,
  LIVE,
  NO_SYSCALLS,
  NO_TRACEFS,
  RECORDING,
  REPLAY,
  stepsAt,
  SUDO,
} from './views.ts';

export interface Stage {
  readonly desk: FakeDesk;
  readonly controller: Controller;
}

const HOUR_MS = 3_600_000;

export const DEVICES: readonly RecentDevice[] = [
  {
    destination: 'mara@192.168.1.20',
    identityFiles: [],
    lastUsedMs: Date.now() - HOUR_MS,
    hostname: 'gateway-7',
    osName: 'Debian GNU/Linux 12 (bookworm)',
  },
  {
    destination: 'root@press-line-3.plant.example:2222',
    identityFiles: [],
    lastUsedMs: Date.now() - 26 * HOUR_MS,
    hostname: 'press-line-3',
    osName: 'Poky (Yocto Project Reference Distro) 4.0',
  },
  { destination: 'camera-east', identityFiles: [], lastUsedMs: Date.now() - 900 * HOUR_MS, hostname: '', osName: '' },
];

export const RECORDINGS: readonly RecentRecording[] = [
  { file: RECORDING.file, hostname: 'gateway-7', startedMs: Date.now() - HOUR_MS, bytes: 1_834_000 },
  {
    file: '/home/mara/Sonde/press-line-3 2026-05-02 09-12-44.mcap',
    hostname: 'press-line-3',
    startedMs: Date.now() - 26 * HOUR_MS,
    bytes: 48_200_000,
  },
];

const TARGET = {
  destination: 'mara@192.168.1.20',
  identityFiles: [],
  knownHostsFile: null,
  probes: [
    { probe: 'cpu-profile', options: {} },
    { probe: 'syscalls', options: {} },
  ],
};

async function live({ desk, controller }: Stage, seconds: number, losing = false): Promise<MemorySource> {
  controller.connect(TARGET);
  await Promise.resolve();
  await Promise.resolve();
  const source = desk.hand('live-1');
  source.show(LIVE);
  await source.push(withFlows(withCalls(boxSignals(seconds, { losing }), { losing }), { losing }));
  return source;
}

/** The same, and single calls are asked for. */
async function liveEvents({ desk, controller }: Stage, look: EventsLook = {}): Promise<void> {
  controller.connect(TARGET);
  await Promise.resolve();
  await Promise.resolve();
  const source = desk.hand('live-1');
  source.show(LIVE);
  await source.push(withEvents(withCalls(boxSignals(240)), look));
}

async function replay({ desk, controller }: Stage): Promise<MemorySource> {
  controller.openRecording('sample');
  await Promise.resolve();
  await Promise.resolve();
  const source = desk.hand('recording-1');
  await source.push(withFlows(withCalls(boxSignals(240))));
  return source;
}

/** A live session and the recording from before an update; null: it is not read yet. */
async function comparing(stage: Stage, earlier: readonly Signal[] | null): Promise<void> {
  const { desk, controller } = stage;
  await live(stage, 240);
  const { screen } = controller.state.getState();
  if (screen.kind !== 'session') throw new Error('no session is shown');
  const range = { fromNs: at(100), toNs: at(240) };
  const done = controller.compare.compareRecording(screen.session, range, RECORDING.file, 'gateway-7 2026-05-03.mcap');
  await new Promise((resolve) => setTimeout(resolve));
  const source = desk.hand('recording-1');
  if (!earlier) return source.show({ ...REPLAY, progress: 0.4, complete: false });
  await source.push(earlier);
  source.show(REPLAY);
  await done;
}

async function connectingSource({ desk, controller }: Stage): Promise<MemorySource> {
  controller.connect(TARGET);
  await Promise.resolve();
  await Promise.resolve();
  return desk.hand('live-1');
}

async function growing(stage: Stage, signals: readonly Signal[]): Promise<void> {
  const source = await connectingSource(stage);
  source.show(LIVE);
  let at = 0;
  const timer = setInterval(() => {
    const signal = signals[at++];
    if (signal) void source.push([signal]);
    else clearInterval(timer);
  }, 20);
}

/** With the devices of the start screen. The keyring is looked at when the settings open. */
function openSettings(secretStore: () => SecretStoreView = () => ({ refusal: NO_KEYRING, kept: [] })) {
  return async ({ controller }: Stage): Promise<void> => {
    controller.settings.open();
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    controller.state.setState({ devices: DEVICES, library: libraryOf(60), secretStore: secretStore() });
  };
}

const at = (second: number) => START_NS + second * 1e9;

const HAPPENINGS: readonly Signal[] = [
  { kind: 'note', atNs: at(78), text: 'the link was away for 8 s' },
  { kind: 'probe', probe: 'syscalls', atNs: at(410), what: { kind: 'restarted', reason: 'the drain worker ended' } },
  { kind: 'probe', probe: 'dns', atNs: at(620), what: { kind: 'failed', fault: NO_TRACEFS } },
];

const MARKS: readonly Mark[] = [
  { id: 'a', fromNs: at(120), toNs: at(120), text: 'valve opened by hand', by: 'user' },
  { id: 'b', fromNs: at(300), toNs: at(372), text: 'broker under load: 40 clients at once', by: 'user' },
  { id: 'c', fromNs: at(700), toNs: at(712), text: 'CPU above 80 % for 10 s', by: 'trigger' },
];

export const SCREENS: Readonly<Record<string, (stage: Stage) => void | Promise<void>>> = {
  'start-first': () => {},
  welcome: ({ controller }) => controller.showWelcome(),
  settings: openSettings(),
  'settings-keyring': openSettings(() => ({ refusal: null, kept: KEPT_SECRETS })),
  'settings-trouble': async (stage) => {
    await openSettings()(stage);
    const { settings } = stage.controller.state.getState();
    if (settings) stage.controller.state.setState({ settings: { ...settings, trouble: SETTINGS_TROUBLE } });
  },
  quit: async (stage) => {
    await live(stage, 240);
    stage.controller.quitting.asked();
  },
  'quit-refused': async (stage) => {
    const source = await live(stage, 240);
    stage.controller.quitting.asked();
    stage.controller.quitting.keepOnDevice();
    source.fail(NO_UNATTENDED);
  },
  crashed: async (stage) =>
    (await live(stage, 240)).show({ kind: 'ended', fault: CRASHED, steps: DONE_STEPS, recording: RECORDING }),
  'secret-remembered': async (stage) => {
    stage.controller.state.setState({ secretStore: { refusal: null, kept: [] } });
    (await connectingSource(stage)).show(connecting('become-root', SUDO));
  },
  compare: (stage) => comparing(stage, earlierBox(120)),
  'compare-other': (stage) => comparing(stage, otherBox(98)),
  'compare-opening': (stage) => comparing(stage, null),
  library: ({ controller }) => controller.state.setState({ screen: { kind: 'library' }, library: libraryOf(60) }),
  'library-empty': ({ controller }) =>
    controller.state.setState({ screen: { kind: 'library' }, library: EMPTY_LIBRARY }),
  'library-many': ({ controller }) =>
    controller.state.setState({ screen: { kind: 'library' }, library: libraryOf(5000) }),
  /** Whoever shares looks at what is in it first. */
  share: async (stage) => {
    const source = await replay(stage);
    source.previewOutcome = (rules) => ({ ok: true, preview: previewOf(rules) });
    source.show(REPLAY);
  },
  'start-recent': () => {},
  'start-fault': ({ controller }) =>
    controller.state.setState({
      screen: {
        kind: 'start',
        busy: null,
        fault: {
          code: 'bad-recording',
          message: 'cannot open notes.txt: it is not a recording',
          hint: 'Sonde opens .mcap files that it has written.',
        },
      },
    }),
  connecting: async (stage) => (await connectingSource(stage)).show(connecting('upload-node')),
  'host-key': async (stage) => (await connectingSource(stage)).show(connecting('ssh', HOST_KEY)),
  secret: async (stage) => (await connectingSource(stage)).show(connecting('become-root', SUDO)),
  'connect-failed': async (stage) =>
    (await connectingSource(stage)).show({
      kind: 'ended',
      fault: NO_TRACEFS,
      steps: stepsAt('start-probe', true),
      recording: null,
    }),
  'live-waiting': async (stage) => {
    const source = await connectingSource(stage);
    source.show(LIVE);
    await source.push(boxSignals(0));
  },
  live: async (stage) => void (await live(stage, 240)),
  'live-young': async (stage) => void (await live(stage, 8)),
  'live-losing': async (stage) => void (await live(stage, 240, true)),
  /** A session from its first moment on, a signal at a time; it goes on after the screen is ready. */
  'live-growing': (stage) => growing(stage, withCalls(boxSignals(40))),
  'live-events': (stage) => liveEvents(stage),
  'live-events-growing': (stage) => growing(stage, withEvents(withCalls(boxSignals(240)))),
  'live-events-losing': (stage) => liveEvents(stage, { losing: true }),
  'live-events-quiet': (stage) => liveEvents(stage, { isQuiet: true }),
  /** Flows without DNS and drops, which are not running. */
  'live-flows-only': async (stage) => {
    const source = await connectingSource(stage);
    source.show(LIVE);
    await source.push(withFlows(boxSignals(60), { onlyFlows: true }));
  },
  'live-flows-growing': (stage) => growing(stage, withFlows(boxSignals(40), { onlyFlows: true })),
  /** Only the CPU profile was asked for. */
  'live-profile-only': async (stage) => {
    const source = await connectingSource(stage);
    source.show(LIVE);
    await source.push(boxSignals(30));
  },
  'replay-profile-only': async ({ desk, controller }) => {
    controller.openRecording('sample');
    await Promise.resolve();
    await Promise.resolve();
    const source = desk.hand('recording-1');
    await source.push(boxSignals(30));
    source.show(REPLAY);
  },
  /** Of a Sonde that did not tell within a second. */
  'replay-profile-old': async ({ desk, controller }) => {
    controller.openRecording('sample');
    await Promise.resolve();
    await Promise.resolve();
    const source = desk.hand('recording-1');
    await source.push(boxSignals(30, { isOld: true }));
    source.show(REPLAY);
  },
  /** What another profiler wrote. */
  'replay-imported': async (stage) =>
    (await replay(stage)).show({ ...REPLAY, importedFrom: '/home/mara/Downloads/pump.perf.txt' }),
  /** A recording with next to nothing in it. */
  'replay-short': async (stage) => {
    const source = await replay(stage);
    source.summaryOutcome = { ok: true, summary: EMPTY_SUMMARY };
    source.show(REPLAY);
  },
  /** Its file went away meanwhile. */
  'replay-gone': async (stage) => {
    const source = await replay(stage);
    const message = `cannot open ${RECORDING.file}: no such file`;
    source.summaryOutcome = { ok: false, fault: { code: 'file-io', message } };
    source.show(REPLAY);
  },
  'replay-events-only': async ({ desk, controller }) => {
    controller.openRecording('sample');
    await Promise.resolve();
    await Promise.resolve();
    const source = desk.hand('recording-1');
    const isOfProfile = (signal: Signal) => 'probe' in signal && signal.probe === 'cpu-profile';
    await source.push(withEvents(boxSignals(60)).filter((signal) => !isOfProfile(signal)));
    source.show(REPLAY);
  },
  'calls-failed': async (stage) =>
    void (await live(stage, 0)).push([
      ...boxSignals(30),
      { kind: 'probe', probe: 'syscalls', atNs: START_NS, what: { kind: 'failed', fault: NO_SYSCALLS } },
    ]),
  reconnecting: async (stage) => {
    const source = await live(stage, 240);
    const nowMs = Date.now();
    source.show({
      kind: 'reconnecting',
      sinceMs: nowMs - 14_000,
      attempt: 3,
      giveUpMs: nowMs + 286_000,
      why: 'no answer for 10 s',
      recording: RECORDING,
    });
  },
  ended: async (stage) =>
    (await live(stage, 240)).show({ kind: 'ended', fault: LINK_LOST, steps: DONE_STEPS, recording: RECORDING }),
  disconnected: async (stage) =>
    (await live(stage, 240)).show({ kind: 'ended', fault: null, steps: DONE_STEPS, recording: RECORDING }),
  'probe-failed': async (stage) =>
    void (await live(stage, 30)).push([
      { kind: 'probe', probe: 'cpu-profile', atNs: START_NS + 30e9, what: { kind: 'failed', fault: NO_TRACEFS } },
    ]),
  'recording-failed': async (stage) =>
    (await live(stage, 240)).show({
      ...LIVE,
      recording: {
        ...RECORDING,
        fault: {
          code: 'file-io',
          message: 'cannot write the recording: no space left on device',
          hint: 'Free some space on this workstation; the part written so far can be opened.',
        },
      },
    } as typeof LIVE),
  replay: async (stage) => (await replay(stage)).show(REPLAY),
  /** A recording of a quarter of an hour in which something happened, and somebody said so. */
  'replay-marked': async ({ desk, controller }) => {
    controller.openRecording('sample');
    await Promise.resolve();
    await Promise.resolve();
    const source = desk.hand('recording-1');
    await source.push(withFlows(withCalls(boxSignals(900, { losing: true }), { losing: true })));
    await source.push(HAPPENINGS);
    source.setMarks(MARKS);
    source.summaryOutcome = { ok: true, summary: SUMMARY };
    source.show(REPLAY);
  },
  /** One of which the window holds coarse windows only, as it would of a day. */
  'replay-long': async (stage) => {
    const source = await replay(stage);
    const extent = { fromNs: at(0), toNs: at(240) };
    source.show({ ...REPLAY, extent, loaded: { ...extent, stepNs: 10e9 } });
  },
  'replay-reading': async (stage) =>
    (await replay(stage)).show({ ...REPLAY, progress: 0.43, complete: false } as typeof REPLAY),
  exported: async (stage) => {
    (await replay(stage)).show(REPLAY);
    await stage.controller.exportSession({ format: 'folded', table: null }, []);
    stage.controller.tell(LINK_LOST);
  },
};
