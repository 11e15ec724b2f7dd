/**
 * What is kept beside the recording of a live session: the last seconds when somebody (or a trigger) asks for them, and
 * what the device records by itself. One thing at a time that takes long; what becomes of it is told in one view.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  DEFAULT_LEASE_S,
  type Fault,
  faultOf,
  type NoteSignal,
  raise,
  type Signal,
} from '../../remote-agent/protocol/index.ts';
import type { DeviceRecording, FlightView, Mark, UnattendedOrder } from '../bridge/index.ts';
import {
  deleteUnattended,
  type FoundUnattended,
  listUnattended,
  startUnattended,
  stopUnattended,
} from '../device/index.ts';
import { RECORDING_EXTENSION, recordingFileName } from '../recording/index.ts';
import { type Clock, fetchUnattended, type ReachedDevice, type Session, unattendedPlan } from '../session/index.ts';

/** Around a trigger: before it comes what KEEP_S leaves. */
const AFTER_TRIGGER_MS = 15_000;
const AROUND_TRIGGER_S = 45;
/** The lease of an agent, and time to put away what it has. */
const LOOK_AGAIN_MS = (DEFAULT_LEASE_S + 45) * 1000;
/** Of what is being done when the session ends: a dead link never answers. */
const CLOSE_MS = 3000;
/** Of those that are shown; the files stay. */
const MAX_KEPT = 10;
/** Of what waits on the device: the newest. `sonde fetch --list` has all. */
const MAX_WAITING = 100;
const NOTHING: FlightView = { triggers: [], keepsTriggered: true, waiting: null, busy: null, kept: [] };

export interface FlightDeps {
  readonly destination: string;
  readonly folder: string;
  readonly session: () => Pick<Session, 'device' | 'keepLast' | 'setTriggers'>;
  readonly clock: Clock;
  readonly show: (view: FlightView) => void;
  readonly fail: (fault: Fault) => void;
  readonly mark: (mark: Mark) => void;
}

export class FlightDesk {
  readonly #deps: FlightDeps;
  #view = NOTHING;
  #found: readonly FoundUnattended[] = [];
  #turn: Promise<void> = Promise.resolve();
  #triggered = 0;
  readonly #timers = new Set<() => void>();
  readonly #stop = new AbortController();

  constructor(deps: FlightDeps) {
    this.#deps = deps;
  }

  /**
   * The session is live: what waits on the device is worth knowing. An agent that has just lost its client leaves what it
   * has later, when it gives up waiting: so it is looked for once more.
   */
  live(): void {
    this.#change({});
    this.#do('looking for recordings on the device', () => this.#look());
    const cancel = this.#deps.clock.after(LOOK_AGAIN_MS, () => {
      this.#timers.delete(cancel);
      this.#do('looking for recordings on the device', () => this.#look());
    });
    this.#timers.add(cancel);
  }

  keepLast(seconds: number, why = ''): void {
    this.#do('keeping what just happened', async () => {
      const kept = await this.#deps.session().keepLast(seconds);
      this.#keep(kept.file, `${why}kept ${Math.round(kept.seconds)} s in`);
    });
  }

  setTriggers(triggers: readonly string[], keepsTriggered: boolean): void {
    this.#deps.session().setTriggers(triggers);
    this.#change({ triggers, keepsTriggered });
  }

  /** Firings are marked on the axis, and kept where that is wanted. */
  take(signals: readonly Signal[]): void {
    for (const signal of signals) if (signal.kind === 'note' && signal.trigger !== undefined) this.#fired(signal);
  }

  recordUnattended(order: UnattendedOrder): void {
    this.#do('starting the recording on the device', async () => {
      const device = this.#device();
      const plan = unattendedPlan(this.#deps.destination, order, this.#deps.clock.wall());
      const { signal } = this.#stop;
      const status = await startUnattended(device.shell, device.installation, plan, { signal });
      await this.#look();
      if (status.state === 'ended')
        raise(
          'agent-start',
          `the recording on the device has ended at once: ${status.reason}`,
          undefined,
          status.failures.join('\n'),
        );
    });
  }

  fetch(id: string): void {
    this.#do('fetching the recording', async () => {
      const { shell } = this.#device();
      const { signal } = this.#stop;
      await stopUnattended(shell, this.#called(id), { signal });
      await this.#look();
      const found = this.#called(id);
      const file = unusedName(
        this.#deps.folder,
        recordingFileName(found.status?.hostname ?? '', new Date(found.status?.startedMs ?? 0)),
      );
      const part = path.join(this.#deps.folder, `.sonde-fetch-${id}.part`);
      const onProgress = (bytes: number) =>
        this.#change({
          busy: { text: 'fetching the recording', progress: found.bytes > 0 ? bytes / found.bytes : null },
        });
      const { leftOut } = await fetchUnattended(shell, found, {
        file,
        part,
        destination: this.#deps.destination,
        signal,
        onProgress,
      });
      this.#keep(file, 'Fetched from the device into');
      if (leftOut > 0) this.#deps.fail(partly(leftOut));
      else await deleteUnattended(shell, found, { signal });
      await this.#look();
    });
  }

  delete(id: string): void {
    this.#do('deleting the recording on the device', async () => {
      const { shell } = this.#device();
      const { signal } = this.#stop;
      await stopUnattended(shell, this.#called(id), { signal });
      await deleteUnattended(shell, this.#called(id), { signal });
      await this.#look();
    });
  }

  /** Resolves when nothing of it is left, or when it takes too long; what is being fetched goes on another time. */
  async close(): Promise<void> {
    for (const cancel of this.#timers) cancel();
    this.#stop.abort();
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#deps.clock.after(CLOSE_MS, resolve);
      this.#turn.then(resolve, reject).finally(cancel);
    });
  }

  #fired({ atNs, text, trigger }: NoteSignal): void {
    this.#deps.mark({
      id: `trigger-${Math.round(atNs)}-${++this.#triggered}`,
      fromNs: atNs,
      toNs: atNs,
      text,
      by: 'trigger',
    });
    if (!this.#view.keepsTriggered) return;
    const cancel = this.#deps.clock.after(AFTER_TRIGGER_MS, () => {
      this.#timers.delete(cancel);
      this.keepLast(AROUND_TRIGGER_S, `${trigger}: `);
    });
    this.#timers.add(cancel);
  }

  async #look(): Promise<void> {
    const device = this.#deps.session().device();
    if (!device) return;
    this.#found = (await listUnattended(device.shell, { signal: this.#stop.signal })).slice(-MAX_WAITING);
    this.#change({ waiting: this.#found.map(viewOf) });
  }

  #called(id: string): FoundUnattended {
    return (
      this.#found.find((found) => found.id === id) ?? raise('bad-option', 'the recording is not on the device any more')
    );
  }

  #keep(file: string, text: string): void {
    this.#change({ kept: [{ file, text }, ...this.#view.kept].slice(0, MAX_KEPT) });
  }

  /** One after the other; a failure is told and the next one goes on. */
  #do(text: string, work: () => Promise<void>): void {
    this.#turn = this.#turn.then(async () => {
      if (this.#stop.signal.aborted) return;
      this.#change({ busy: { text, progress: null } });
      try {
        await work();
      } catch (error) {
        const fault = faultOf(error);
        if (!fault) throw error;
        if (fault.code !== 'cancelled') this.#deps.fail(fault);
      } finally {
        this.#change({ busy: null });
      }
    });
  }

  #device(): ReachedDevice {
    return (
      this.#deps.session().device() ??
      raise('link-lost', 'the device cannot be reached', 'Wait until it is connected again.')
    );
  }

  #change(change: Partial<FlightView>): void {
    this.#view = { ...this.#view, ...change };
    this.#deps.show(this.#view);
  }
}

/** What is not in the file is nowhere but there. */
function partly(leftOut: number): Fault {
  return {
    code: 'bad-recording',
    message: `${leftOut} records do not fit to what came before them and are left out`,
    hint: 'The place is noted in the recording. Everything is still on the device.',
  };
}

/** What is in the folder already is never written over. */
function unusedName(folder: string, name: string): string {
  for (let number = 1; ; number++) {
    const numbered =
      number === 1 ? name : `${name.slice(0, -RECORDING_EXTENSION.length)}-${number}${RECORDING_EXTENSION}`;
    if (!existsSync(path.join(folder, numbered))) return path.join(folder, numbered);
  }
}

function viewOf({ id, bytes, pid, status }: FoundUnattended): DeviceRecording {
  const state = pid > 0 ? 'recording' : status?.state === 'ended' ? status.reason : 'cut short: power cut or crash';
  const { startedMs = 0, seconds = 0, probes = [], firings = 0 } = status ?? {};
  const brokeOff = status?.origin === 'session';
  return { id, brokeOff, startedMs, running: pid > 0, state, seconds, bytes, probes, firings };
}
