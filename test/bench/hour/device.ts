/** A device whose hours pass in minutes: what an agent would have sent in an hour comes over real SSH, many seconds in one. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerChannel } from 'ssh2';
import { openRecording } from '../../../electron/recording/index.ts';
import { encodeFrame } from '../../../remote-agent/protocol/framing.ts';
import { encodeAgentFrame, type Signal } from '../../../remote-agent/protocol/index.ts';
import { end, GREETING, type HostileDevice, honestFacts, startHostileDevice } from '../../crossing/hostile-device.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { longRecording, STEADY } from '../../fixtures/long-recording.ts';

const SAMPLE = 'electron/shell/sample.sonde.mcap';
const ARTIFACTS = resolve('out/device');

export interface HurriedDevice extends Pick<HostileDevice, 'port' | 'knownHosts' | 'stop'> {
  /** Of its time, sent so far. */
  readonly sentS: () => number;
}

/** `speed`: its seconds in one of ours. After `seconds` of its own it stays, and is silent. */
export async function startHurriedDevice(seconds: number, speed: number): Promise<HurriedDevice> {
  const base = await signalsOf(SAMPLE);
  const facts = (await honestFacts(ARTIFACTS)).whole;
  let sentS = 0;
  const agent = async (channel: ServerChannel): Promise<void> => {
    const closed = once(channel, 'close');
    channel.resume();
    channel.write(GREETING);
    // Whoever connects asks for probes first.
    await once(channel, 'data');
    const startedMs = performance.now();
    for (const bytes of secondsOf(base, seconds)) {
      const early = startedMs + (sentS * 1000) / speed - performance.now();
      if (early > 0) await pause(early);
      if (channel.destroyed) return;
      if (!channel.write(bytes)) await Promise.race([once(channel, 'drain'), closed]);
      sentS++;
    }
  };
  const device = await startHostileDevice({ agent, detect: (channel) => end(channel, facts) });
  return { port: device.port, knownHosts: device.knownHosts, stop: () => device.stop(), sentS: () => sentS };
}

/** The first piece opens the run: device, clock, dictionaries, probes. */
function* secondsOf(base: readonly Signal[], seconds: number): Generator<Uint8Array> {
  const started = base.filter((signal) => signal.kind === 'probe' && signal.what.kind === 'started');
  let seq = 1;
  let isFirst = true;
  for (const batch of longRecording(base, { ...STEADY, seconds })) {
    const signals = isFirst ? [...batch, ...started] : batch;
    isFirst = false;
    yield Buffer.concat(framesFromSignals(signals, seq).map((frame) => encodeFrame(encodeAgentFrame(frame))));
    seq += signals.length;
  }
}

async function signalsOf(file: string): Promise<Signal[]> {
  const reader = await openRecording(file);
  const signals: Signal[] = [];
  for await (const signal of reader.signals()) signals.push(signal);
  await reader.close();
  return signals;
}
