/**
 * Every record goes two ways: into the recording as it came, and, decoded and with readable names, to whoever watches.
 * It is acknowledged to the agent once it is recorded. A recorder that fails is named and the session lives on.
 */
import {
  type AgentFrame,
  decodeAgentFrame,
  encodeAgentFrame,
  type Fault,
  type Mark,
  faultFromWire,
  type ProbeSignal,
  raise,
  recordKind,
  SignalDecoder,
  type Signal,
} from '../../remote-agent/protocol/index.ts';
import type { RecordingView } from '../bridge/contract.ts';
import type { RecordingWriter } from '../recording/index.ts';
import type { SessionDeps } from './deps.ts';
import { KeepRing, spanOf, writeKept } from './keep-ring.ts';
import { faultOrThrow } from './reach.ts';
import type { Kept } from './session.ts';

const NS_PER_MS = 1e6;
/** Failures outside of any record, and gaps, of one session: each is told to a person. */
const MAX_TROUBLES = 1000;

export interface TeeHooks {
  readonly onSignal: (signal: Signal) => void;
  readonly onProbe: (signal: ProbeSignal) => void;
  /** The agent reports a failure outside of any record. */
  readonly onAgentFault: (fault: Fault) => void;
  /** Something was lost or could not be written; the session goes on. */
  readonly onTrouble: (fault: Fault) => void;
}

export class Tee {
  readonly #destination: string;
  readonly #deps: SessionDeps;
  readonly #hooks: TeeHooks;
  readonly #decoder = new SignalDecoder();
  #recording: RecordingWriter | null = null;
  /** A file that is just being made is waited for: nobody else would close it. */
  #beginning: Promise<void> | null = null;
  #isFinished = false;
  /** Why there is none. */
  #refusal: Fault | null = null;
  #marks: readonly Mark[] = [];
  readonly #ring = new KeepRing();
  #hostname = '';
  #startedMs: number | null = null;
  #endedMs: number | null = null;
  #lastSeq = 0;
  #windows = 0;
  #troubles = 0;
  #mergedWindows = 0;
  /** Newest device time seen, and when. */
  #device: { readonly ns: number; readonly atMs: number } | null = null;

  constructor(destination: string, deps: SessionDeps, hooks: TeeHooks) {
    this.#destination = destination;
    this.#deps = deps;
    this.#hooks = hooks;
  }

  get mergedWindows(): number {
    return this.#mergedWindows;
  }

  get recording(): RecordingView | null {
    const recording = this.#recording;
    if (!recording) return this.#refusal && { file: '', bytes: 0, seconds: 0, fault: this.#refusal };
    const endMs = this.#endedMs ?? this.#deps.clock.now();
    const seconds = this.#startedMs === null ? 0 : (endMs - this.#startedMs) / 1000;
    return { file: recording.file, bytes: recording.bytes, seconds, fault: recording.fault };
  }

  /** A new agent run counts its records from 1. */
  beginRun(): void {
    this.#lastSeq = 0;
  }

  /** Settles when the record is with the recorder; the number to acknowledge, or null. Throws the fault `out-of-sync`. */
  async take(frame: AgentFrame, payload: Uint8Array): Promise<number | null> {
    if (frame.body.case === 'fault') {
      this.#countTrouble();
      this.#hooks.onAgentFault(faultFromWire(frame.body.value));
    }
    if (recordKind(frame) === null) return null;
    const seq = Number(frame.seq);
    if (seq <= this.#lastSeq) return seq; // sent again because our acknowledgement was lost with the link
    this.#checkGap(Number(frame.firstSeq) || seq);
    this.#lastSeq = seq;
    const signal = this.#decoder.decode(frame);
    if (signal?.kind === 'device') {
      this.#hostname = signal.hostname;
      this.#beginning = this.#begin(signal.hostname);
      await this.#beginning;
    }
    this.#recording?.append(frame);
    if (this.#deps.createKept) this.#ring.add(frame, payload);
    if (signal) this.#hand(signal);
    return seq;
  }

  /** Into the recording and to whoever watches, at the device's present time as far as known. */
  note(text: string): void {
    const { clock } = this.#deps;
    if (!this.#device) return; // nothing was recorded that it could belong to
    const atNs = Math.round(this.#device.ns + (clock.now() - this.#device.atMs) * NS_PER_MS);
    this.#recording?.append(noteFrame(atNs, text));
    this.#hooks.onSignal({ kind: 'note', atNs, text });
  }

  async keepLast(seconds: number): Promise<Kept> {
    const { createKept, clock } = this.#deps;
    if (!createKept || !this.#device)
      return raise('bad-option', 'cannot keep what just happened: there is nothing yet');
    const frames = this.#ring.last(seconds * 1000);
    const sinceMs = (this.#device.ns - spanOf(frames).fromNs) / NS_PER_MS + clock.now() - this.#device.atMs;
    const writer = await createKept({
      destination: this.#destination,
      hostname: this.#hostname,
      startedMs: clock.wall() - Math.round(sinceMs),
    });
    return { file: writer.file, seconds: await writeKept(frames, this.#marks, writer) };
  }

  /** Kept until there is a recording. */
  setMarks(marks: readonly Mark[]): void {
    this.#marks = marks;
    this.#recording?.setMarks(marks);
  }

  /** Finishes the recording; without any data there is none. Idempotent. */
  async finish(): Promise<void> {
    this.#isFinished = true;
    await this.#beginning;
    const recording = this.#recording;
    if (!recording || this.#endedMs !== null) return;
    this.#endedMs = this.#deps.clock.now();
    await recording.close();
    if (this.#windows > 0) return;
    this.#recording = null;
    await this.#deps.discardRecording(recording.file);
  }

  #checkGap(first: number): void {
    if (first <= this.#lastSeq + 1) return;
    this.#countTrouble();
    const text = `records ${this.#lastSeq + 1} to ${first - 1} of the agent are lost: its memory was full while the link was cut`;
    this.note(text);
    this.#hooks.onTrouble({ code: 'link-lost', message: text });
  }

  #countTrouble(): void {
    if (++this.#troubles > MAX_TROUBLES) raise('out-of-sync', `the device reports more than ${MAX_TROUBLES} failures`);
  }

  /** One file per session; a new agent run goes on in it. */
  async #begin(hostname: string): Promise<void> {
    const { createRecording } = this.#deps;
    if (this.#recording || this.#refusal || this.#isFinished || !createRecording) return;
    try {
      this.#recording = await createRecording({ destination: this.#destination, hostname }, this.#hooks.onTrouble);
      this.#startedMs = this.#deps.clock.now();
      if (this.#marks.length > 0) this.#recording.setMarks(this.#marks);
    } catch (error) {
      this.#refusal = faultOrThrow(error);
      this.#hooks.onTrouble(this.#refusal);
    }
  }

  #hand(signal: Signal): void {
    const readable = this.#deps.demangle(signal);
    if (signal.kind === 'window') {
      this.#windows++;
      this.#mergedWindows += signal.drains - 1;
    }
    const ns = signal.kind === 'window' ? signal.toNs : signal.kind === 'clock' ? signal.monotonicNs : null;
    if (ns !== null) this.#device = { ns, atMs: this.#deps.clock.now() };
    this.#hooks.onSignal(readable);
    if (signal.kind === 'probe') this.#hooks.onProbe(signal);
  }
}

function noteFrame(atNs: number, text: string): AgentFrame {
  return decodeAgentFrame(encodeAgentFrame({ body: { case: 'note', value: { atNs: BigInt(atNs), text } } }));
}
