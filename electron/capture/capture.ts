/** One capture: the loader's verb on a device, turned into a pcapng file while it runs. */
import {
  type Fault,
  faultOf,
  safeText,
  TEXT,
  type WireMessage,
  WireReader,
} from '../../remote-agent/protocol/index.ts';
import type { Shell, SshChannel } from '../ssh/index.ts';
import { CaptureFile, type CaptureFileFacts, type CaptureProgress, type CaptureTotals } from './capture-file.ts';
import { type CaptureRequest, captureWords } from './request.ts';
import { type CaptureBegin, CAPTURE_ENDS, parseCaptureMessage } from './wire.ts';

/** The loader gives what is on its way ten seconds, and its last words as long again. */
const END_PATIENCE_MS = 30_000;
/** A slow box compiles the filter and makes its ring in some seconds. */
const BEGIN_PATIENCE_MS = 120_000;
const MAX_WORDS = 2000;

/** Where the file's bytes go. The device is held up while a promise is pending. */
export type CaptureSink = (piece: Uint8Array) => Promise<void>;

export interface CaptureOptions {
  readonly request: CaptureRequest;
  readonly file: CaptureFileFacts;
  readonly sink: CaptureSink;
  /** Once, when packets are being taken. */
  readonly onBegin?: (begin: CaptureBegin) => void;
  /** After each piece. */
  readonly onProgress?: (progress: CaptureProgress) => void;
}

export type CaptureEndKind = (typeof CAPTURE_ENDS)[number] | 'max-size' | 'failed';

export interface CaptureEnd {
  readonly how: CaptureEndKind;
  readonly totals: CaptureTotals;
  /** What the device said of the beginning; null = it never came to that, and nothing was written. */
  readonly begin: CaptureBegin | null;
  /** Why it failed; the file holds what came until then. */
  readonly fault: Fault | null;
}

export interface RunningCapture {
  /** Takes no more packets; those on their way still come. */
  stop(): void;
  /** Rejects for bugs only. */
  readonly done: Promise<CaptureEnd>;
}

/** `loader` is the path of an installed one, `root` runs commands with root's rights. */
export async function startCapture(root: Shell, loader: string, options: CaptureOptions): Promise<RunningCapture> {
  const words = captureWords(loader, options.request);
  const channel = await root.spawn(`exec ${words.join(' ')}`);
  const run = new CaptureRun(channel, options);
  return { stop: () => run.stop(), done: run.done() };
}

class CaptureRun {
  private readonly channel: SshChannel;
  private readonly options: CaptureOptions;
  private readonly file: CaptureFile;
  private readonly reader = new WireReader();
  private how: CaptureEndKind | null = null;
  private fault: Fault | null = null;
  private words = '';
  private isSinkBroken = false;
  private isStopping = false;
  private patience: NodeJS.Timeout | null = null;

  constructor(channel: SshChannel, options: CaptureOptions) {
    this.channel = channel;
    this.options = options;
    this.file = new CaptureFile(options.file);
    channel.stderr.on('data', (chunk: Buffer) => {
      this.words = (this.words + chunk.toString('utf8')).slice(-MAX_WORDS);
    });
    this.giveUpAfter(BEGIN_PATIENCE_MS, `it did not begin within ${BEGIN_PATIENCE_MS / 1000} s`);
  }

  stop(): void {
    if (this.isStopping) return;
    this.isStopping = true;
    this.channel.stdin.end();
    this.giveUpAfter(END_PATIENCE_MS, `it did not end within ${END_PATIENCE_MS / 1000} s of being asked to`);
  }

  private giveUpAfter(ms: number, why: string): void {
    this.waitOn();
    this.patience = setTimeout(() => {
      this.fault ??= { code: 'loader-crashed', message: `cannot capture on the device: ${why}` };
      this.channel.kill();
    }, ms);
  }

  private waitOn(): void {
    if (this.patience) clearTimeout(this.patience);
    this.patience = null;
  }

  async done(): Promise<CaptureEnd> {
    try {
      await this.readAll();
      if (!this.fault) await this.explainEnd();
      await this.write(this.file.finish()); // what came is worth having, whatever happened
    } finally {
      this.channel.kill();
      this.waitOn();
    }
    const { begin } = this.file;
    return { how: this.endKind(), totals: this.file.totals(), begin, fault: this.fault };
  }

  private endKind(): CaptureEndKind {
    if (this.fault) return 'failed';
    return this.file.isFull ? 'max-size' : (this.how ?? 'failed');
  }

  private async readAll(): Promise<void> {
    try {
      for await (const chunk of this.channel.stdout as AsyncIterable<Buffer>) {
        await this.write(this.takeChunk(chunk));
        this.options.onProgress?.(this.file.progress());
        if (this.file.isFull) this.stop();
        if (this.how || this.fault) return;
      }
    } catch (error) {
      if (!isCutStream(error)) throw error; // the link: its end says why
    }
  }

  /** What was understood counts, also where something behind it was not. */
  private takeChunk(chunk: Buffer): Buffer {
    const pieces: Buffer[] = [];
    try {
      this.reader.push(chunk, (message) => pieces.push(this.take(message)));
    } catch (error) {
      this.fault = faultOrThrow(error);
    }
    return Buffer.concat(pieces);
  }

  private async write(piece: Buffer): Promise<void> {
    if (piece.length === 0 || this.isSinkBroken) return;
    try {
      await this.options.sink(piece);
    } catch (error) {
      this.isSinkBroken = true;
      this.fault ??= faultOrThrow(error);
    }
  }

  private take(raw: WireMessage): Buffer {
    const message = parseCaptureMessage(raw);
    if (message.kind === 'fault') this.fault = message.fault;
    if (message.kind === 'end') this.how = message.how;
    if (message.kind === 'fault' || message.kind === 'end') return Buffer.alloc(0);
    const piece = this.file.take(message);
    if (message.kind === 'begin') this.begun(message);
    return piece;
  }

  private begun(begin: CaptureBegin): void {
    if (!this.isStopping) this.waitOn();
    this.options.onBegin?.(begin);
  }

  /** A stream whose end was not told has a reason. */
  private async explainEnd(): Promise<void> {
    if (this.how) return;
    if (!this.isStopping) this.giveUpAfter(END_PATIENCE_MS, 'its packets ended, and the command did not');
    const { code } = await this.channel.exit;
    this.fault ??= endFault(code, safeText(this.words.trim().split('\n').at(-1) ?? '', TEXT.fault));
  }
}

function endFault(code: number | null, said: string): Fault {
  const detail = said === '' ? {} : { detail: said };
  if (code === null)
    return { code: 'link-lost', message: 'the connection ended while packets were captured', ...detail };
  if (code === 126 || code === 127)
    return { code: 'loader-start', message: `cannot capture: ${said || 'the loader does not run there'}` };
  return { code: 'loader-crashed', message: `the capture ended on the device with code ${code}`, ...detail };
}

function faultOrThrow(error: unknown): Fault {
  const fault = faultOf(error);
  if (!fault) throw error;
  return fault;
}

function isCutStream(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
