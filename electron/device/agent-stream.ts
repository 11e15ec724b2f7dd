/** An AgentClient over one channel: handshake, then frames in both directions. */
import { type Fault, faultOf } from '../../remote-agent/protocol/fault.ts';
import { decodeAgentFrame, encodeClientFrame } from '../../remote-agent/protocol/frames.ts';
import { encodeFrame, encodePreamble, FrameReader } from '../../remote-agent/protocol/framing.ts';
import type { AgentFrame, ClientFrame } from '../../remote-agent/protocol/generated/sonde_pb.ts';
import { hexText, safeText } from '../../remote-agent/protocol/text.ts';
import type { SshChannel } from '../ssh/index.ts';
import type { AgentClient, AgentEnd, ResumePoint, Welcome } from './agent-client.ts';
import { deviceWords } from './device-words.ts';
import { PingBook } from './ping-book.ts';

const DEFAULT_GRACE_MS = 3_000;
/** stderr of the relay, and the tail of the agent's log where it did not start. */
const MAX_WORDS = 6_000;
/** An agent has its own log: what comes beside its stream is a line of the relay. */
const MAX_SAID = 1 << 20;
const MAX_REASON = 500;

const ENDLESS: Fault = {
  code: 'out-of-sync',
  message: 'cannot read the stream: the device complains without end beside it',
  hint: 'The detail holds the last of it.',
};

type ClientBody = NonNullable<Exclude<ClientFrame['body'], { case: undefined }>>;
type FrameListener = (frame: AgentFrame, payload: Uint8Array) => void | Promise<void>;

export interface HelloWords {
  readonly clientVersion: string;
  /** Lower-case hex, '' = any run. */
  readonly runId: string;
  readonly lastSeq: number;
  readonly leaseS: number;
}

export class AgentStream {
  /** What the far side said outside the protocol. */
  words = '';
  receivedBytes = 0;
  lastSeq: number;
  readonly pings = new PingBook();
  readonly ended: Promise<AgentEnd>;
  private readonly channel: SshChannel;
  private readonly reader = new FrameReader();
  private readonly listeners = new Set<FrameListener>();
  /** Decoded and not yet delivered, oldest first. */
  private readonly queue: { frame: AgentFrame; payload: Uint8Array }[] = [];
  private isDelivering = false;
  private isEnded = false;
  /** Bytes beside the stream. */
  private said = 0;
  /** Frames are read on to the goodbye even where nobody listens. */
  private isParting = false;
  private end: (how: AgentEnd) => void = () => {};
  private welcomed: (welcome: Welcome) => void = () => {};
  readonly welcome: Promise<Welcome>;

  constructor(channel: SshChannel, hello: HelloWords) {
    this.channel = channel;
    this.lastSeq = hello.lastSeq;
    this.welcome = new Promise((resolve) => (this.welcomed = resolve));
    this.ended = new Promise((resolve) => {
      this.end = (how) => {
        this.isEnded = true;
        resolve(how);
      };
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      this.words = (this.words + chunk.toString('utf8')).slice(-MAX_WORDS);
      this.said += chunk.length;
      if (this.said > MAX_SAID) this.stop({ kind: 'lost', fault: ENDLESS });
    });
    channel.stdout.on('data', (chunk: Buffer) => this.receive(chunk));
    void channel.exit.then(() =>
      this.stop({
        kind: 'lost',
        fault: { code: 'link-lost', message: 'the stream from the agent ended', ...this.detail() },
      }),
    );
    channel.stdin.write(encodePreamble());
    this.send({
      case: 'hello',
      value: { ...hello, runId: Buffer.from(hello.runId, 'hex'), lastSeq: BigInt(hello.lastSeq) },
    });
  }

  /** Protobuf-es fills in the `$typeName` of the message. */
  send(body: { case: ClientBody['case']; value: object }): void {
    if (!this.isEnded) this.channel.stdin.write(encodeFrame(encodeClientFrame({ body: body as ClientBody })));
  }

  listen(listener: FrameListener): () => void {
    this.listeners.add(listener);
    void this.deliver();
    return () => this.listeners.delete(listener);
  }

  part(reason: string): void {
    this.send({ case: 'shutdown', value: { reason } });
    this.isParting = true;
    void this.deliver();
  }

  stop(how: AgentEnd): void {
    if (this.isEnded) return;
    this.end(how);
    this.pings.abandon(
      how.kind === 'lost' ? how.fault : { code: 'link-lost', message: 'the stream to the agent was closed' },
    );
    this.channel.stdout.resume(); // what still comes must not block the channel's end
    this.channel.stdin.end();
    this.channel.kill();
  }

  detail(): { detail?: string } {
    const said = deviceWords(`${this.reader.junkText}\n${this.words}`);
    return said === '' ? {} : { detail: said };
  }

  private receive(chunk: Buffer): void {
    if (this.isEnded) return;
    this.receivedBytes += chunk.length;
    try {
      for (const payload of this.reader.push(chunk)) this.sort(decodeAgentFrame(payload), payload);
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.stop({ kind: 'lost', fault });
    }
    void this.deliver();
  }

  /** Answers about the connection itself do not queue behind records: the round trip would be that of our own work. */
  private sort(frame: AgentFrame, payload: Uint8Array): void {
    const { body } = frame;
    if (body.case === 'pong') this.pings.answer(body.value);
    else if (body.case === 'welcome') {
      const { agentVersion, runId, nextSeq, lostBeforeSeq, leaseS, pid } = body.value;
      this.welcomed({
        agentVersion: safeText(agentVersion, MAX_REASON),
        runId: hexText(runId),
        nextSeq: Number(nextSeq),
        lostBeforeSeq: Number(lostBeforeSeq),
        leaseS,
        pid,
      });
    } else this.queue.push({ frame, payload });
  }

  private async deliver(): Promise<void> {
    if (this.isDelivering) return;
    this.isDelivering = true;
    this.channel.stdout.pause();
    try {
      while (this.listeners.size > 0 || this.isParting) {
        const next = this.queue.shift();
        if (!next) break;
        for (const listener of this.listeners) await listener(next.frame, next.payload);
        if (next.frame.seq > 0n) this.lastSeq = Number(next.frame.seq);
        if (next.frame.body.case === 'farewell')
          this.stop({ kind: 'farewell', reason: safeText(next.frame.body.value.reason, MAX_REASON) });
      }
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      this.stop({ kind: 'lost', fault }); // the listener could not go on
    } finally {
      this.isDelivering = false;
    }
    // Nothing piles up here before somebody listens.
    if (this.queue.length === 0) this.channel.stdout.resume();
  }
}

export function agentClient(
  stream: AgentStream,
  welcome: Welcome,
  place: Pick<ResumePoint, 'installation' | 'runDir'>,
): AgentClient {
  return {
    welcome,
    onFrame: (listener) => stream.listen(listener),
    startProbe: (probe, options) => stream.send({ case: 'startProbe', value: { probe, options: { ...options } } }),
    stopProbe: (probe) => stream.send({ case: 'stopProbe', value: { probe } }),
    setTriggers: (triggers) => stream.send({ case: 'setTriggers', value: { triggers: [...triggers] } }),
    ack: (seq) => stream.send({ case: 'ack', value: { seq: BigInt(seq) } }),
    ping: () => stream.pings.ask((token) => stream.send({ case: 'ping', value: { token } })),
    get rttMs() {
      return stream.pings.lastRttMs;
    },
    get receivedBytes() {
      return stream.receivedBytes;
    },
    get resumePoint() {
      return { ...place, runId: welcome.runId, lastSeq: stream.lastSeq };
    },
    shutdown: async (reason, graceMs = DEFAULT_GRACE_MS) => {
      stream.part(reason);
      const timer = setTimeout(() => stream.stop({ kind: 'closed' }), graceMs);
      await stream.ended;
      clearTimeout(timer);
    },
    close: () => stream.stop({ kind: 'closed' }),
    closed: stream.ended,
  };
}
