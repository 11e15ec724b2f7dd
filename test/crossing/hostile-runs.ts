/** What honest agents say, for hostile ones to begin with. */
import { encodeFrame } from '../../remote-agent/protocol/framing.ts';
import { encodeAgentFrame, type Signal } from '../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../fixtures/calls.ts';
import { framesFromSignals } from '../fixtures/frames.ts';
import { networkSignals } from '../fixtures/network.ts';
import { signalsFromStacks } from '../fixtures/signals.ts';

export type FrameInit = Parameters<typeof encodeAgentFrame>[0];
export const framed = (init: FrameInit) => encodeFrame(encodeAgentFrame(init));

/** A run of a probe, as payloads of frames. */
function payloadsOf(signals: readonly Signal[]): Uint8Array[] {
  return framesFromSignals(signals).map((frame) => encodeAgentFrame(frame));
}
const PROFILE = payloadsOf(signalsFromStacks('nginx;main;loop;read_[k] 2\nsh;main;run_[j] 3 @1'));
export const RUNS = [
  PROFILE,
  payloadsOf(networkSignals()),
  payloadsOf(signalsFromCalls('nginx read - 12 5\ncurl connect ECONNREFUSED 20 2 @1')),
];
/** Device, clock, the probe, and the names of one process: what a session knows before its first window. */
export const BEGINNING = PROFILE.slice(0, 4).map((payload) => encodeFrame(payload));
