// How a state of the window is reached: the same few steps that a person or the program takes.
import { withCalls } from './box-calls.ts';
import { withFlows } from './box-flows.ts';
import { boxSignals, START_NS } from './box-signals.ts';
import { FLIGHTS } from './flights.ts';
import { LIVE } from './views.ts';
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import type { Controller } from '../../../renderer/app/controller.ts';
import type { MemorySource } from '../../../renderer/source/index.ts';
import type { FakeDesk } from '../../unit/app/fake-desk.ts';

export interface Stage {
  readonly desk: FakeDesk;
  readonly controller: Controller;
}

/** States by name. */
export type States = Readonly<Record<string, (stage: Stage) => void | Promise<void>>>;

const TARGET = {
  destination: 'mara@192.168.1.20',
  identityFiles: [],
  knownHostsFile: null,
  probes: [
    { probe: 'cpu-profile', options: {} },
    { probe: 'syscalls', options: {} },
  ],
};

/** Device time of a second of the made-up box. */
export const at = (second: number) => START_NS + second * 1e9;

/** What the controller asks of the program is answered in a later turn. */
async function answered(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await Promise.resolve();
}

/** A session that has not come far. */
export async function connecting({ desk, controller }: Stage): Promise<MemorySource> {
  controller.connect(TARGET);
  await answered();
  return desk.hand('live-1');
}

/** A session that is live and has shown this. */
export async function liveWith(stage: Stage, signals: readonly Signal[]): Promise<MemorySource> {
  const source = await connecting(stage);
  source.show(LIVE);
  source.showFlight(FLIGHTS.quiet);
  await source.push(signals);
  return source;
}

/** With all that is usually watched. */
export function live(stage: Stage, seconds = 240, losing = false): Promise<MemorySource> {
  return liveWith(stage, allOf(seconds, losing));
}

const made = new Map<string, readonly Signal[]>();

/** All that is usually watched of the box: made once, shown often. */
export function allOf(seconds: number, losing = false): readonly Signal[] {
  const key = `${seconds} ${losing}`;
  const signals = made.get(key) ?? withFlows(withCalls(boxSignals(seconds, { losing }), { losing }), { losing });
  made.set(key, signals);
  return signals;
}

/** A session from its first moment on, a signal at a time; it goes on after the screen is ready. */
export async function growing(stage: Stage, signals: readonly Signal[]): Promise<void> {
  const source = await connecting(stage);
  source.show(LIVE);
  let next = 0;
  const timer = setInterval(() => {
    // Another state may be shown by now.
    const signal = window.stage === stage ? signals[next++] : null;
    if (signal) void source.push([signal]);
    else clearInterval(timer);
  }, 20);
}

/** A recording of which this was read; what the program says of it comes next. */
export async function opened({ desk, controller }: Stage, signals: readonly Signal[]): Promise<MemorySource> {
  controller.openRecording('sample');
  await answered();
  const source = desk.hand('recording-1');
  await source.push(signals);
  return source;
}

/** The usual one. */
export function replay(stage: Stage): Promise<MemorySource> {
  return opened(stage, allOf(240));
}
