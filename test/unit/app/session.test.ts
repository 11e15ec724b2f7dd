import { describe, expect, test } from 'vitest';
import type { SessionView, Target } from '../../../electron/bridge/contract.ts';
import { Session } from '../../../renderer/app/session.ts';
import { showsData } from '../../../renderer/app/session-state.ts';
import { MemorySource } from '../../../renderer/source/index.ts';
import { rangeOf } from '../../../renderer/store/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { HandClock } from '../store/hand-clock.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';

const TARGET: Target = { destination: 'edge', identityFiles: [], knownHostsFile: null, probes: [] };

function setup(kind: 'live' | 'recording' = 'live') {
  const clock = new HandClock();
  const source = new MemorySource();
  const session = new Session('s', kind === 'live' ? { kind, target: TARGET } : { kind }, source, clock);
  /** Data up to `seconds` after the start. */
  const fill = (seconds: number) => {
    void source.push(signalsFromStacks('a;b', { seconds, startNs: 0 }).filter(({ kind }) => kind !== 'device'));
    clock.frame(1000);
  };
  const shown = () => rangeOf(session.state.getState().selection.range, session.snapshots.getState());
  return { clock, source, session, fill, shown };
}

const CONNECTING: SessionView = {
  kind: 'connecting',
  steps: [],
  prompt: { kind: 'host-key', id: 4, host: 'h', algorithm: 'a', fingerprint: 'f' },
};

test('a capture of a host that died is not shown as going on; one that ended stays until it is dismissed', () => {
  const { session, source } = setup();
  const order = {
    file: '/a',
    filter: '',
    snapBytes: 64,
    rateBytes: null,
    ratePackets: null,
    maxBytes: null,
    maxSeconds: null,
  };
  const shown = () => session.state.getState().capture?.kind ?? null;
  session.startCapture(order);
  expect([source.captures, shown()]).toEqual([[order], 'starting']);
  session.dismissCapture();
  expect(shown()).toBe('starting');
  source.show({ kind: 'ended', fault: null, steps: [], recording: null });
  expect(shown()).toBeNull();
  const count = { packets: 1, packetBytes: 60, fileBytes: 100, lostPackets: 0 };
  source.showCapture({ kind: 'ended', order, how: 'asked', count, seconds: 1, hasFile: true, fault: null });
  source.show({ kind: 'ended', fault: null, steps: [], recording: null });
  expect(shown()).toBe('ended');
  session.dismissCapture();
  expect(shown()).toBeNull();
});

describe('time range', () => {
  test('live follows the last minute, a recording shows all of itself', () => {
    expect(setup('live').session.state.getState().selection.range).toEqual({ kind: 'last', seconds: 60 });
    expect(setup('recording').session.state.getState().selection.range).toEqual({ kind: 'all' });
  });

  test('pause holds what is on screen while data goes on; resume follows what was followed', () => {
    const { session, fill, shown } = setup();
    session.selectRange({ kind: 'last', seconds: 10 });
    fill(100);
    session.togglePause();
    fill(130);
    expect(shown()).toEqual({ fromNs: 90e9, toNs: 100e9 });
    session.togglePause();
    expect(session.state.getState().selection.range).toEqual({ kind: 'last', seconds: 10 });
  });

  test('a range chosen on the chart is a pause too, and the axis stands still with it', () => {
    const { session, fill } = setup();
    fill(100);
    session.selectRange({ kind: 'between', fromNs: 5e9, toNs: 9e9 });
    fill(130);
    session.selectRange({ kind: 'between', fromNs: 6e9, toNs: 9e9 });
    expect(session.paused()).toBe(true);
    expect(session.state.getState().held).toEqual({ firstNs: 0, lastNs: 100e9 });
    session.selectRange({ kind: 'all' });
    expect(session.state.getState().held).toBeNull();
  });

  test('choosing a process does not move the range', () => {
    const { session } = setup();
    const { selection } = session.state.getState();
    session.select({ ...selection, process: 3 });
    expect(session.state.getState().selection).toEqual({ ...selection, process: 3 });
  });
});

describe('what the host says', () => {
  test('the last known link outlives the link', () => {
    const { session, source } = setup();
    const link = { rttMs: 1, bytesPerSecond: 1, user: 'u', address: 'a', mergedWindows: 0 };
    const recording = { file: '/r', bytes: 1, seconds: 1, fault: null };
    source.show({ kind: 'live', steps: [], link, recording });
    source.show({ kind: 'reconnecting', sinceMs: 0, attempt: 1, giveUpMs: 0, why: '', recording });
    expect(session.state.getState()).toMatchObject({ link, linkUp: false });
    source.show({ kind: 'ended', fault: null, steps: [], recording });
    expect(session.state.getState().linkUp).toBe(false);
  });

  test('an answered prompt is gone at once', () => {
    const { session, source } = setup();
    source.show(CONNECTING);
    session.answer(4, true);
    expect(source.answers).toEqual([{ prompt: 4, value: true, keep: false }]);
    expect(session.state.getState().view).toMatchObject({ kind: 'connecting', prompt: null });
  });

  test('a recording read to its end is shown at the next frame', () => {
    const { clock, session, source } = setup('recording');
    const replay = {
      kind: 'replay',
      file: '/r',
      bytes: 1,
      progress: 0.5,
      complete: false,
      warning: null,
      extent: null,
      loaded: null,
      tidying: false,
      importedFrom: null,
    } as const;
    void source.push(signalsFromStacks('a;b'));
    clock.frame();
    void source.push(signalsFromStacks('a;b\na;c'));
    source.show({ ...replay, progress: 1, complete: true });
    clock.frame(1);
    expect(session.snapshots.getState().version).toBe(2);
  });

  test('probes are started and stopped by the host', () => {
    const { session, source } = setup();
    session.startProbe({ probe: 'syscalls', options: { pid: '7' } });
    session.stopProbe('cpu-profile');
    expect(source.started).toEqual([{ probe: 'syscalls', options: { pid: '7' } }]);
    expect(source.stopped).toEqual(['cpu-profile']);
  });

  test('tables that cannot be used end the session by name', async () => {
    const { session, source } = setup();
    const absurd = { firstStack: 4e9, stackParents: Uint32Array.of(0), stackFrames: Uint32Array.of(1) };
    await source.push([definitionsOf(absurd)]);
    expect(session.state.getState().notice?.code).toBe('out-of-sync');
    expect(source.disconnects).toBe(1);
  });
});

test.each([
  ['nothing said yet', null, false, false],
  ['connecting', CONNECTING, false, false],
  ['ended before any data', { kind: 'ended', fault: null, steps: [], recording: null }, false, false],
  ['ended with data', { kind: 'ended', fault: null, steps: [], recording: null }, true, true],
  [
    'replay',
    {
      kind: 'replay',
      file: '',
      bytes: 0,
      progress: 0,
      complete: false,
      warning: null,
      extent: null,
      loaded: null,
      tidying: false,
      importedFrom: null,
    },
    false,
    true,
  ],
] as const)('%s: workspace or steps', (_, view, hasData, workspace) => {
  expect(showsData(view, hasData)).toBe(workspace);
});
