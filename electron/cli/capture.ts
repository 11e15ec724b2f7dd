/** `sonde capture HOST`: packets of a device as a pcapng file, or to Wireshark through a pipe. */
import { raise } from '../../remote-agent/protocol/index.ts';
import {
  type CaptureBegin,
  type CaptureEnd,
  captureFileFacts,
  type CaptureOutput,
  type CaptureProgress,
  type CaptureRequest,
  createCaptureOutput,
  type RunningCapture,
} from '../capture/index.ts';
import {
  CAPTURE_OPTIONS,
  captureFileName,
  captureRequest,
  durationOf,
  isToStdout,
  maxSizeOf,
} from './capture-options.ts';
import { captureResult, ownText } from './capture-words.ts';
import type { Arguments, Command, Result } from './command.ts';
import { DEVICE_DETAILS, DEVICE_OPTIONS } from './device-options.ts';
import { bytesText, clockText } from './quantities.ts';
import { type OpenDevice, withDevice } from './with-device.ts';
import type { World } from './world.ts';

/** The first interrupt ends the capture in order, the second one ends the program at once. */
const INTERRUPTED = 130;

export const capture: Command = {
  name: 'capture',
  summary: 'Capture packets of a device for Wireshark.',
  words: ['HOST'],
  options: [...CAPTURE_OPTIONS, ...DEVICE_OPTIONS],
  details: [
    'The filter runs in the kernel of the device. Packets carry the processes they go between as a comment.',
    'Live:  sonde capture root@edge-box -o - | wireshark -k -i -',
    'Ctrl-C stops and keeps the file; a second Ctrl-C ends at once. What was lost is counted, and said in the file.',
    ...DEVICE_DETAILS,
  ],
  async run(given, world) {
    const plan = planOf(given);
    if (plan.toStdout && given.json)
      raise('config-invalid', 'cannot write both packets and JSON to stdout', 'Name a file with -o.');
    if (plan.toStdout && world.stdout.isTerminal)
      raise('config-invalid', 'cannot write packets to a terminal', 'Name a file with -o, or pipe it on.');
    return withDevice(given, world, (device) => new Capture(plan, device, world).run(given));
  },
};

interface Plan {
  readonly request: CaptureRequest;
  readonly durationMs: number | null;
  readonly maxBytes: number | null;
  readonly toStdout: boolean;
}

function planOf(given: Arguments): Plan {
  return {
    request: captureRequest(given),
    durationMs: durationOf(given),
    maxBytes: maxSizeOf(given),
    toStdout: isToStdout(given),
  };
}

class Capture {
  private readonly plan: Plan;
  private readonly device: OpenDevice;
  private readonly world: World;
  private beganMs: number | null = null;
  private running: RunningCapture | null = null;
  private stopTimer: (() => void) | null = null;
  private isStopping = false;

  constructor(plan: Plan, device: OpenDevice, world: World) {
    this.plan = plan;
    this.device = device;
    this.world = world;
  }

  async run(given: Arguments): Promise<Result> {
    const { world, device, plan } = this;
    const { rooms } = world;
    const { ssh, facts, ask, signal, progress } = device;
    const root = await rooms.becomeRoot(ssh, facts, ask, { signal });
    const artifacts = await rooms.findArtifacts(world.artifactsDir, facts.arch);
    const loader = await rooms.installLoader(root, facts, artifacts, {
      signal,
      onProgress: ({ sentBytes, totalBytes }) =>
        progress.show(`sending the loader: ${Math.round((100 * sentBytes) / (totalBytes || 1))} %`),
    });
    const file = plan.toStdout ? null : captureFileName(given, world.cwd, facts.hostname);
    const output = file === null ? stdoutOutput(world) : await createCaptureOutput(file);
    const off = world.onInterrupt(() => this.interrupt());
    try {
      this.running = await rooms.startCapture(root, loader, {
        request: plan.request,
        file: captureFileFacts(facts, plan.request.filter, plan.maxBytes),
        sink: output.sink,
        onBegin: (begin) => this.begin(begin),
        onProgress: (made) => this.show(made),
      });
      if (signal.aborted) this.running.stop();
      return await this.resultOf(await this.running.done, output, file);
    } catch (error) {
      await output.close();
      throw error;
    } finally {
      off();
      this.stopTimer?.();
    }
  }

  private async resultOf(end: CaptureEnd, output: CaptureOutput, file: string | null): Promise<Result> {
    this.device.progress.clear();
    const isKept = await output.close();
    const seconds = this.beganMs === null ? 0 : (this.world.now() - this.beganMs) / 1000;
    const { signal } = this.device;
    const result = captureResult({
      end,
      file: isKept ? file : null,
      seconds,
      interrupted: signal.aborted,
      request: this.plan.request,
    });
    if (file !== null) return result;
    if (end.begin) this.world.stderr.write(`${result.text}\n`); // stdout is Wireshark's
    return { ...result, text: '' };
  }

  private begin(begin: CaptureBegin): void {
    const { durationMs, request } = this.plan;
    this.beganMs = this.world.now();
    this.say(ownText(begin, request));
    if (durationMs !== null) this.stopTimer = this.world.after(durationMs, () => this.running?.stop());
  }

  private show({ packets, packetBytes, lostPackets }: CaptureProgress): void {
    const { durationMs } = this.plan;
    const seconds = this.beganMs === null ? 0 : (this.world.now() - this.beganMs) / 1000;
    const whole = durationMs === null ? '' : ` of ${clockText(durationMs / 1000)}`;
    const lost = lostPackets > 0 ? `, ${lostPackets} lost` : '';
    const how = durationMs === null ? ' (Ctrl-C to stop)' : '';
    this.device.progress.show(
      `capturing ${clockText(seconds)}${whole}, ${packets} packets, ${bytesText(packetBytes)}${lost}${how}`,
    );
  }

  /** withDevice hears the same interrupts, for what leads to a capture. */
  private interrupt(): void {
    if (this.isStopping) this.world.exit(INTERRUPTED);
    this.isStopping = true;
    this.say('stopping; once more ends at once');
    this.running?.stop();
  }

  private say(line: string): void {
    if (line === '') return;
    this.device.progress.clear();
    this.world.stderr.write(`${line}\n`);
  }
}

function stdoutOutput(world: World): CaptureOutput {
  return { sink: (piece) => world.stdout.write(piece), close: async () => true };
}
