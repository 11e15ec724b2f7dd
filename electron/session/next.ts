/** The whole behaviour of a session as a table: state × event → state and effects. Pure. What is not in it changes nothing. */
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import { backoffMs } from './backoff.ts';
import type { DeviceLink, Effect, Event, Next, Outage, State } from './state.ts';
import { changeStep, FRESH_STEPS, failSteps, type Steps } from './steps.ts';

/** The agent counts its lease from when it notices the cut, which may be later than when we do. */
const LEASE_MARGIN_MS = 5000;
/** One crash may be bad luck; a second one is a reason to tell the user instead of trying for ever. */
const MAX_AGENT_RESTARTS = 1;

type In<K extends State['kind']> = Extract<State, { kind: K }>;
type Of<K extends Event['kind']> = Extract<Event, { kind: K }>;
type Rules<S> = { readonly [K in Event['kind']]?: (state: S, event: Of<K>, nowMs: number) => Next };

const RULES: { readonly [K in State['kind']]: Rules<In<K>> } = {
  idle: {
    start: () => to({ kind: 'connecting', steps: FRESH_STEPS, prompt: null }, { kind: 'reach' }),
    disconnect: (_state, _event, nowMs) => end(FRESH_STEPS, null, nowMs),
  },
  connecting: {
    step: (state, { change }, nowMs) => to({ ...state, steps: changeStep(state.steps, change, nowMs) }),
    asked: (state, { prompt }) => to({ ...state, prompt }),
    answered: (state) => to({ ...state, prompt: null }),
    reached: ({ steps }, { link }) => startProbes({ kind: 'starting', steps, link, agentRestarts: 0, outage: null }),
    failed: ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    disconnect: ({ steps }, _event, nowMs) => end(steps, null, nowMs),
  },
  starting: {
    step: (state, { change }, nowMs) => to({ ...state, steps: changeStep(state.steps, change, nowMs) }),
    'probes-started': ({ steps, link, agentRestarts }) => to({ kind: 'live', steps, link, agentRestarts }),
    'link-lost': (state, { fault }, nowMs) => reconnect(state, fault, nowMs),
    'agent-gone': (state, { fault }, nowMs) => restart(state, fault, nowMs),
    failed: ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    disconnect: ({ steps }, _event, nowMs) => end(steps, null, nowMs),
  },
  live: {
    'link-lost': (state, { fault }, nowMs) => reconnect(state, fault, nowMs),
    'agent-gone': (state, { fault }, nowMs) => restart(state, fault, nowMs),
    failed: ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    disconnect: ({ steps }, _event, nowMs) => end(steps, null, nowMs),
  },
  reconnecting: {
    'retry-due': (state) => (state.phase === 'waiting' ? attempt(state) : stay(state)),
    // Also in the place of an attempt that hangs: the user knows that the cable is in again. Starting an agent does not
    // hang; it takes its time.
    'reconnect-now': (state) => (state.to === 'restart' && state.phase === 'attempting' ? stay(state) : attempt(state)),
    'retry-failed': (state, { fault }, nowMs) =>
      nowMs >= state.outage.giveUpMs
        ? end(state.steps, fault, nowMs)
        : to({ ...state, phase: 'waiting' }, { kind: 'wait', ms: backoffMs(state.outage.attempt) }),
    // What was asked for just before the cut may have been lost with the link.
    resumed: ({ steps, link, agentRestarts, outage }, _event, nowMs) =>
      startProbes(
        { kind: 'starting', steps, link, agentRestarts, outage },
        { kind: 'note', text: `link back after ${seconds(nowMs - outage.sinceMs)}` },
      ),
    'agent-gone': (state, { fault }, nowMs) => restart(state, fault, nowMs),
    reached: ({ steps, agentRestarts, outage }, { link }) =>
      startProbes({ kind: 'starting', steps, link, agentRestarts, outage }),
    failed: ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    'lease-over': (state, _event, nowMs) =>
      nowMs >= state.outage.giveUpMs && !(state.to === 'restart' && state.phase === 'attempting')
        ? end(state.steps, leaseOver(state), nowMs)
        : stay(state),
    disconnect: ({ steps }, _event, nowMs) => end(steps, null, nowMs),
  },
  ending: {
    closed: ({ steps, fault }) => to({ kind: 'ended', steps, fault }),
  },
  ended: {},
};

export function next(state: State, event: Event, nowMs: number): Next {
  // The table pairs each state with its own rules; TypeScript cannot follow the pairing through an index.
  const rule = RULES[state.kind][event.kind] as ((state: State, event: Event, nowMs: number) => Next) | undefined;
  return rule ? rule(state, event, nowMs) : stay(state);
}

function to(state: State, ...effects: Effect[]): Next {
  return { state, effects };
}

function stay(state: State): Next {
  return { state, effects: [] };
}

function end(steps: Steps, fault: Fault | null, nowMs: number): Next {
  return to({ kind: 'ending', steps: failSteps(steps, nowMs), fault }, { kind: 'close' });
}

interface Alive {
  readonly steps: Steps;
  readonly link: DeviceLink;
  readonly agentRestarts: number;
}

function startProbes(state: In<'starting'>, ...first: Effect[]): Next {
  return to(state, ...first, { kind: 'start-probes' });
}

function outageOf({ link }: Alive, { message }: Fault, sinceMs: number, nowMs: number): Outage {
  return { sinceMs, giveUpMs: nowMs + link.leaseMs + LEASE_MARGIN_MS, attempt: 0, why: message };
}

function reconnect({ steps, link, agentRestarts }: Alive, fault: Fault, nowMs: number): Next {
  const outage = outageOf({ steps, link, agentRestarts }, fault, nowMs, nowMs);
  return to(
    { kind: 'reconnecting', steps, link, agentRestarts, outage, to: 'resume', phase: 'waiting' },
    { kind: 'drop-link' },
    { kind: 'note', text: `link lost: ${fault.message}` },
    { kind: 'wait-for-lease', ms: outage.giveUpMs - nowMs },
    { kind: 'wait', ms: backoffMs(0) },
  );
}

function attempt(state: In<'reconnecting'>): Next {
  const outage = { ...state.outage, attempt: state.outage.attempt + 1 };
  return to({ ...state, phase: 'attempting', outage }, { kind: state.to === 'resume' ? 'retry' : 'restart-agent' });
}

/** What the old agent had is lost with it; for its place it is tried as long as for a link. */
function restart(
  { steps, link, agentRestarts, ...state }: Alive & { readonly outage?: Outage | null },
  fault: Fault,
  nowMs: number,
): Next {
  if (agentRestarts >= MAX_AGENT_RESTARTS) return end(steps, fault, nowMs);
  const alive = { steps, link, agentRestarts: agentRestarts + 1 };
  const outage = outageOf(alive, fault, state.outage?.sinceMs ?? nowMs, nowMs);
  return to(
    {
      kind: 'reconnecting',
      ...alive,
      outage: { ...outage, attempt: (state.outage?.attempt ?? 0) + 1 },
      to: 'restart',
      phase: 'attempting',
    },
    { kind: 'drop-link' },
    { kind: 'note', text: `starting the agent again: ${fault.message}` },
    { kind: 'wait-for-lease', ms: outage.giveUpMs - nowMs },
    { kind: 'restart-agent' },
  );
}

function leaseOver({ outage }: In<'reconnecting'>): Fault {
  return {
    code: 'link-lost',
    message: `cannot reach the device again within ${seconds(outage.giveUpMs - outage.sinceMs)}: ${outage.why}`,
    hint: 'The agent on the device has ended by itself; what it had seen since waits there (sonde fetch, or connect again). The recording is kept.',
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
