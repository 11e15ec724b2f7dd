/**
 * What just happened, as it came from the device: the records of the last minutes, and whatever they refer to. From it a
 * recording of the last seconds can be made at any time, also in a session that is not recorded.
 *
 *      device, definitions ── all of the run, or they could not be read ──╮
 *      probe events ── how each probe that runs was started ───────────────┼─▶ keep(): a recording of its own
 *      windows, costs, clocks, notes ── of the last KEEP_MS ───────────────╯
 */
import {
  type AgentFrame,
  decodeAgentFrame,
  encodeAgentFrame,
  FaultError,
  type Mark,
  raise,
  type RecordKind,
  recordKind,
} from '../../remote-agent/protocol/index.ts';
import type { ProbeEvent } from '../../remote-agent/protocol/generated/sonde_pb.ts';
import type { RecordingWriter } from '../recording/index.ts';

export const KEEP_MS = 120_000;
/** Of windows; a busy box fills it in a minute. */
const MAX_RECENT_BYTES = 64 << 20;
/** A box that makes a thousand processes a second for hours. */
const MAX_BASE_BYTES = 128 << 20;
const NS_PER_MS = 1e6;

interface Held {
  /** Where the device's time stood when it came: the end of the latest window. */
  readonly atNs: number;
  readonly payload: Uint8Array;
}

export class KeepRing {
  private base: Uint8Array[] = [];
  private baseBytes = 0;
  private recent: Held[] = [];
  private recentBytes = 0;
  private latestNs = 0;
  private readonly probes = new Map<string, Uint8Array>();

  /**
   * `payload` is copied. What is recent is a matter of the device's time, not of when it came: after a cut, minutes come
   * at once.
   */
  add(frame: AgentFrame, payload: Uint8Array): void {
    const kind = recordKind(frame);
    if (kind === null) return;
    if (kind === 'device') this.begin();
    if (frame.body.case === 'probeEvent') this.follow(frame.body.value, payload);
    this.latestNs = Math.max(this.latestNs, endNs(frame));
    if (isBase(kind)) this.addBase(payload);
    else this.addRecent(payload);
  }

  /** The records of the last `ms`, behind what they refer to. Raises `bad-option` where that cannot be had any more. */
  last(ms: number): readonly AgentFrame[] {
    if (this.baseBytes > MAX_BASE_BYTES)
      raise(
        'bad-option',
        'cannot keep what just happened: this session has seen too many processes and stacks for that',
        'Its own recording has it, or connect again.',
      );
    const recent = this.recent
      .filter((held) => this.isWithin(held, ms))
      .map(({ payload }) => decodeAgentFrame(payload));
    const from = recent.find(({ body }) => body.case === 'window' || body.case === 'cost');
    if (!from) raise('bad-option', 'cannot keep what just happened: nothing has come from the device yet');
    const fromNs = from.body.case === 'window' || from.body.case === 'cost' ? from.body.value.fromNs : 0n;
    const started = new Set(recent.flatMap(({ body }) => (isStart(body) ? [body.value.probe] : [])));
    const probes = [...this.probes]
      .filter(([probe]) => !started.has(probe))
      .map(([, payload]) => startedAt(decodeAgentFrame(payload), fromNs));
    return [...this.base.map((payload) => decodeAgentFrame(payload)), ...probes, ...recent];
  }

  private follow({ probe, what }: ProbeEvent, payload: Uint8Array): void {
    if (what.case === 'started') this.probes.set(probe, payload.slice());
    if (what.case === 'stopped' || what.case === 'failed') this.probes.delete(probe);
  }

  private begin(): void {
    this.base = [];
    this.baseBytes = 0;
    this.recent = [];
    this.recentBytes = 0;
    this.latestNs = 0;
    this.probes.clear();
  }

  private addBase(payload: Uint8Array): void {
    this.baseBytes += payload.length;
    if (this.baseBytes <= MAX_BASE_BYTES) this.base.push(payload.slice());
    else this.base = []; // of no use without what follows
  }

  private addRecent(payload: Uint8Array): void {
    this.recent.push({ atNs: this.latestNs, payload: payload.slice() });
    this.recentBytes += payload.length;
    let old = 0;
    for (const held of this.recent) {
      if (this.isWithin(held, KEEP_MS) && this.recentBytes <= MAX_RECENT_BYTES) break;
      this.recentBytes -= held.payload.length;
      old++;
    }
    if (old > 0) this.recent.splice(0, old);
  }

  private isWithin({ atNs }: Held, ms: number): boolean {
    return atNs > this.latestNs - ms * NS_PER_MS || atNs === this.latestNs;
  }
}

/** 0 of what has no time. */
function endNs({ body }: AgentFrame): number {
  return body.case === 'window' || body.case === 'cost' ? Number(body.value.toNs) : 0;
}

function isBase(kind: RecordKind): boolean {
  return kind === 'device' || kind === 'definitions';
}

function isStart(body: AgentFrame['body']): body is { case: 'probeEvent'; value: ProbeEvent } {
  return body.case === 'probeEvent' && body.value.what.case === 'started';
}

/** A probe that runs since before begins with what is kept. */
function startedAt(frame: AgentFrame, fromNs: bigint): AgentFrame {
  const { body } = frame;
  if (body.case !== 'probeEvent') return frame;
  return decodeAgentFrame(encodeAgentFrame({ body: { case: 'probeEvent', value: { ...body.value, atNs: fromNs } } }));
}

/** Into a recording that was made for them; marks that lie within go along. Resolves with how much time they cover. */
export async function writeKept(
  frames: readonly AgentFrame[],
  marks: readonly Mark[],
  writer: RecordingWriter,
): Promise<number> {
  for (const frame of frames) writer.append(frame);
  const { fromNs, toNs } = spanOf(frames);
  writer.setMarks(marks.filter((mark) => mark.toNs >= fromNs && mark.fromNs <= toNs));
  await writer.close();
  if (writer.fault) throw new FaultError(writer.fault);
  return (toNs - fromNs) / 1000 / NS_PER_MS;
}

export function spanOf(frames: readonly AgentFrame[]): { readonly fromNs: number; readonly toNs: number } {
  let [fromNs, toNs] = [Number.POSITIVE_INFINITY, 0];
  for (const { body } of frames) {
    if (body.case !== 'window' && body.case !== 'cost') continue;
    fromNs = Math.min(fromNs, Number(body.value.fromNs));
    toNs = Math.max(toNs, Number(body.value.toNs));
  }
  return { fromNs, toNs };
}
