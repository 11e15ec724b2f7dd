/** What the outside sees of a session's state: a projection, never the state itself. */
import type { LinkView, RecordingView, SessionView } from '../bridge/contract.ts';
import type { DeviceLink, Outage, State } from './state.ts';
import { viewSteps } from './steps.ts';

/** Measured beside the state machine. */
export interface Gauges {
  readonly rttMs: number | null;
  readonly bytesPerSecond: number;
  readonly mergedWindows: number;
  /** null = nothing was recorded yet. */
  readonly recording: RecordingView | null;
}

export interface Clocks {
  /** The clock of the state machine. */
  readonly nowMs: number;
  /** Date.now() at the same moment. */
  readonly wallMs: number;
}

/** null: nothing new to show (a session that is not begun, or is being taken down). */
export function viewOf(state: State, gauges: Gauges, { nowMs, wallMs }: Clocks): SessionView | null {
  switch (state.kind) {
    case 'idle':
    case 'ending':
      return null;
    case 'connecting':
      return { kind: 'connecting', steps: viewSteps(state.steps, nowMs), prompt: state.prompt };
    case 'starting':
      // After an outage the picture is there already: it must not make way for the steps again.
      return state.outage
        ? reconnecting(state.outage, gauges, { nowMs, wallMs })
        : { kind: 'connecting', steps: viewSteps(state.steps, nowMs), prompt: null };
    case 'live':
      return {
        kind: 'live',
        steps: viewSteps(state.steps, nowMs),
        link: viewLink(state.link, gauges),
        recording: gauges.recording ?? NOT_YET,
      };
    case 'reconnecting':
      return reconnecting(state.outage, gauges, { nowMs, wallMs });
    case 'ended':
      return { kind: 'ended', fault: state.fault, steps: viewSteps(state.steps, nowMs), recording: gauges.recording };
    default:
      return assertNever(state);
  }
}

function reconnecting(
  { sinceMs, giveUpMs, attempt, why }: Outage,
  { recording }: Gauges,
  { nowMs, wallMs }: Clocks,
): SessionView {
  return {
    kind: 'reconnecting',
    sinceMs: Math.round(wallMs + sinceMs - nowMs),
    attempt,
    giveUpMs: Math.round(wallMs + giveUpMs - nowMs),
    why,
    recording: recording ?? NOT_YET,
  };
}

/** The file is made with the first record, which precedes `live` by a moment. */
const NOT_YET: RecordingView = { file: '', bytes: 0, seconds: 0, fault: null };

function viewLink({ user, address }: DeviceLink, { rttMs, bytesPerSecond, mergedWindows }: Gauges): LinkView {
  return { rttMs, bytesPerSecond, user, address, mergedWindows };
}

function assertNever(state: never): never {
  throw new Error(`unknown state ${JSON.stringify(state)}`);
}
