/** What the tests of a session share: it runs against a device made of fakes; only clock, device and disk are not real. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { ProbeChoice, SessionView } from '../../../electron/bridge/contract.ts';
import { type Session, type SessionEnd, startSession } from '../../../electron/session/index.ts';
import type { Fault, Signal } from '../../../remote-agent/protocol/index.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDevice } from './fake-device.ts';

const CPU = { probe: 'cpu-profile', options: {} };
const TARGET = { destination: 'ops@edge-7', identityFiles: [], knownHostsFile: null };

/** Of this test. */
export let clock: FakeClock;
export let device: FakeDevice;
export let session: Session;
export let signals: Signal[];
export let faults: Fault[];
export let end: SessionEnd | null;
/** Of batches that the window had not taken, at any time. */
export let mostBatchesUnderWay: number;
let batchesUnderWay: number;
let views: SessionView[];
let slowWindow: Promise<void> | null;

/** To be called once, at the top of a file. */
export function useSession(): void {
  beforeEach(() => {
    clock = new FakeClock();
    device = new FakeDevice(clock);
    views = [];
    signals = [];
    faults = [];
    end = null;
    slowWindow = null;
    batchesUnderWay = 0;
    mostBatchesUnderWay = 0;
  });
  // Whatever way a session ended, nothing of it is left open.
  afterEach(async () => {
    session.disconnect();
    await clock.pass(5000);
    expect(end).not.toBeNull();
    expect(device.openConnections.size).toBe(0);
  });
}

/** Batches wait for it from now on; null: no more. */
export function holdWindow(until: Promise<void> | null): void {
  slowWindow = until;
}

export function start(...probes: readonly ProbeChoice[]): void {
  session = startSession({ ...TARGET, probes: probes.length > 0 ? probes : [CPU] }, device.deps(), {
    onView: (view) => views.push(view),
    onSignals: async (batch) => {
      mostBatchesUnderWay = Math.max(mostBatchesUnderWay, ++batchesUnderWay);
      if (slowWindow) await slowWindow;
      signals.push(...batch);
      batchesUnderWay--;
    },
    onFault: (fault) => faults.push(fault),
  });
  void session.done.then((value) => {
    end = value;
  });
}

export async function goLive(...probes: readonly ProbeChoice[]): Promise<void> {
  start(...probes);
  await clock.pass(300);
  expect(view().kind).toBe('live');
}

export const view = (): SessionView => {
  const last = views.at(-1);
  if (!last) throw new Error('nothing was shown');
  return last;
};
/** The sum of the column `samples`. */
export const rowsShown = (): number =>
  signals.reduce((sum, signal) => (signal.kind === 'window' ? sum + total(signal.columns[3] as Uint32Array) : sum), 0);
const total = (column: Uint32Array): number => column.reduce((sum, value) => sum + value, 0);
export const samplesShown = (): number =>
  signals.reduce((sum, signal) => (signal.kind === 'window' ? sum + signal.counters.kept : sum), 0);
