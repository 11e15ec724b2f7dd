/** Packets of the device into a file that the user chose, over the session's own connection: one capture at a time. */
import { type Fault, faultOf, raise } from '../../remote-agent/protocol/index.ts';
import type { CaptureCount, CaptureOrder, CaptureView } from '../bridge/index.ts';
import {
  ANY_INTERFACE,
  type CaptureBegin,
  type CaptureEnd,
  type CaptureOutput,
  captureFileFacts,
  replacingCaptureOutput,
  type RunningCapture,
  startCapture,
} from '../capture/index.ts';
import type { Clock, ReachedDevice } from '../session/index.ts';
import type { Grants } from './grants.ts';

/** Numbers that move are read four times a second at best. */
const SHOW_EVERY_MS = 250;
/** Of the end of a capture when the session itself ends: what is on its way comes quickly or not at all. */
const CLOSE_MS = 3000;
const NOTHING: CaptureCount = { packets: 0, packetBytes: 0, fileBytes: 0, lostPackets: 0 };

export interface CaptureDeps {
  readonly device: () => Pick<ReachedDevice, 'shell' | 'loader' | 'facts'> | null;
  readonly grants: Grants;
  readonly clock: Clock;
  readonly show: (view: CaptureView) => void;
}

export class CaptureDesk {
  readonly #deps: CaptureDeps;
  #current: { readonly job: CaptureJob; readonly done: Promise<void> } | null = null;

  constructor(deps: CaptureDeps) {
    this.#deps = deps;
  }

  /** While one runs the window offers no other; an order that comes all the same is passed over. */
  start(order: CaptureOrder): void {
    if (this.#current) return;
    const job = new CaptureJob(order, this.#deps);
    const done = job.run().finally(() => {
      this.#current = null;
    });
    this.#current = { job, done };
  }

  stop(): void {
    this.#current?.job.stop();
  }

  /** Resolves when nothing of it is left, or when it takes too long. */
  async close(): Promise<void> {
    if (!this.#current) return;
    const { job, done } = this.#current;
    job.stop();
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#deps.clock.after(CLOSE_MS, resolve);
      done.then(resolve, reject).finally(cancel);
    });
  }
}

class CaptureJob {
  readonly #order: CaptureOrder;
  readonly #deps: CaptureDeps;
  #output: CaptureOutput | null = null;
  #running: RunningCapture | null = null;
  #begin: CaptureBegin | null = null;
  #beganMs = 0;
  #shownMs = Number.NEGATIVE_INFINITY;
  #count = NOTHING;
  #isStopping = false;
  #isTimeOver = false;
  #stopTimer: (() => void) | null = null;

  constructor(order: CaptureOrder, deps: CaptureDeps) {
    this.#order = order;
    this.#deps = deps;
  }

  async run(): Promise<void> {
    const { show } = this.#deps;
    show({ kind: 'starting', order: this.#order });
    try {
      const end = await this.#capture();
      show(await this.#ended(end));
    } catch (error) {
      const fault = faultOf(error);
      if (!fault) throw error;
      show(await this.#failed(fault));
    } finally {
      this.#stopTimer?.();
    }
  }

  stop(): void {
    this.#isStopping = true;
    this.#running?.stop();
    if (this.#begin) this.#show();
  }

  async #capture(): Promise<CaptureEnd> {
    const { file, filter, snapBytes, rateBytes, ratePackets, maxBytes } = this.#order;
    if (!(await this.#deps.grants.take(file)))
      raise('file-io', `cannot capture into ${file}: it was not chosen in the dialog`);
    const device = this.#deps.device();
    if (!device)
      return raise('link-lost', 'cannot capture: the device cannot be reached', 'Wait until it is connected again.');
    this.#running = await startCapture(device.shell, device.loader, {
      request: { filter, interface: ANY_INTERFACE, snapBytes, rateBytes, ratePackets, includeOwn: false },
      file: captureFileFacts(device.facts, filter, maxBytes),
      sink: (piece) => this.#write(piece),
      onBegin: (begin) => this.#start(begin),
      onProgress: (count) => {
        this.#count = count;
        this.#showNowAndThen();
      },
    });
    if (this.#isStopping) this.#running.stop();
    return this.#running.done;
  }

  /** The file is made with the first piece: an order that fails leaves what was there before. */
  async #write(piece: Uint8Array): Promise<void> {
    this.#output ??= await replacingCaptureOutput(this.#order.file);
    await this.#output.sink(piece);
  }

  #start(begin: CaptureBegin): void {
    const { clock } = this.#deps;
    const { maxSeconds } = this.#order;
    this.#begin = begin;
    this.#beganMs = clock.now();
    this.#show();
    if (maxSeconds === null) return;
    this.#stopTimer = clock.after(maxSeconds * 1000, () => {
      this.#isTimeOver = true;
      this.stop();
    });
  }

  #showNowAndThen(): void {
    if (this.#begin && this.#deps.clock.now() - this.#shownMs >= SHOW_EVERY_MS) this.#show();
  }

  #show(): void {
    this.#shownMs = this.#deps.clock.now();
    this.#deps.show({
      kind: 'running',
      order: this.#order,
      count: this.#count,
      seconds: this.#seconds(),
      isStopping: this.#isStopping,
      hasOwn: this.#begin?.own === null,
    });
  }

  async #ended({ how, totals, fault }: CaptureEnd): Promise<CaptureView> {
    const { packets, packetBytes, fileBytes, lostPackets } = totals;
    this.#count = { packets, packetBytes, fileBytes, lostPackets };
    if (fault) return this.#failed(fault);
    if (how === 'max-size') return this.#end('max-size', null);
    return this.#end(this.#isTimeOver ? 'max-seconds' : 'asked', null);
  }

  #failed(fault: Fault): Promise<CaptureView> {
    return this.#end('failed', fault);
  }

  async #end(how: Extract<CaptureView, { kind: 'ended' }>['how'], fault: Fault | null): Promise<CaptureView> {
    const hasFile = (await this.#output?.close()) ?? false;
    return {
      kind: 'ended',
      order: this.#order,
      how,
      count: this.#count,
      seconds: this.#begin ? this.#seconds() : 0,
      hasFile,
      fault,
    };
  }

  #seconds(): number {
    return (this.#deps.clock.now() - this.#beganMs) / 1000;
  }
}
