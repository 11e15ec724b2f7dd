/** The whole behaviour of a session as a table: state × event → state and effects. Pure. What is not in it changes nothing. */
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import { backoffMs } from './backoff.ts';
import type { DeviceLink, Effect, Event, Next, State } from './state.ts';
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
    reached: ({ steps }, { link }) => to({ kind: 'starting', steps, link }, { kind: 'start-probe' }),
    failed: ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    disconnect: ({ steps }, _event, nowMs) => end(steps, null, nowMs),
  },
  starting: {
    step: (state, { change }, nowMs) => to({ ...state, steps: changeStep(state.steps, change, nowMs) }),
    'probe-started': ({ steps, link }) => to({ kind: 'live', steps, link, agentRestarts: 0 }),
    failed: ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    'link-lost': ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    'agent-gone': ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    disconnect: ({ steps }, _event, nowMs) => end(steps, null, nowMs),
  },
  live: {
    'link-lost': (state, { fault }, nowMs) => reconnect(state, fault, nowMs),
    'agent-gone': (state, { fault }, nowMs) =>
      mayRestart(state) ? restart(reconnectingState(state, fault, nowMs), fault) : end(state.steps, fault, nowMs),
    failed: ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    disconnect: ({ steps }, _event, nowMs) => end(steps, null, nowMs),
  },
  reconnecting: {
    'retry-due': (state) => (state.phase === 'waiting' ? attempt(state) : stay(state)),
    // Also in the place of an attempt that hangs: the user knows that the cable is in again.
    'reconnect-now': (state) => (state.phase === 'restarting' ? stay(state) : attempt(state)),
    'retry-failed': (state) => to({ ...state, phase: 'waiting' }, { kind: 'wait', ms: backoffMs(state.attempt) }),
    resumed: ({ steps, link, agentRestarts, sinceMs }, _event, nowMs) =>
      to(
        { kind: 'live', steps, link, agentRestarts },
        { kind: 'note', text: `link back after ${seconds(nowMs - sinceMs)}` },
      ),
    'agent-gone': (state, { fault }, nowMs) =>
      mayRestart(state) ? restart(state, fault) : end(state.steps, fault, nowMs),
    // A new agent run: its probe must be started before the picture is live again.
    reached: (state, { link }) => to({ ...state, link }, { kind: 'start-probe' }),
    'probe-started': ({ steps, link, agentRestarts }) => to({ kind: 'live', steps, link, agentRestarts }),
    'link-lost': (state, { fault }, nowMs) =>
      state.phase === 'restarting' ? end(state.steps, fault, nowMs) : stay(state),
    failed: ({ steps }, { fault }, nowMs) => end(steps, fault, nowMs),
    'lease-over': (state, _event, nowMs) =>
      state.phase !== 'restarting' && nowMs >= state.giveUpMs ? end(state.steps, leaseOver(state), nowMs) : stay(state),
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

function reconnectingState({ steps, link, agentRestarts }: Alive, fault: Fault, nowMs: number): In<'reconnecting'> {
  return {
    kind: 'reconnecting',
    steps,
    link,
    agentRestarts,
    sinceMs: nowMs,
    giveUpMs: nowMs + link.leaseMs + LEASE_MARGIN_MS,
    attempt: 0,
    phase: 'waiting',
    why: fault.message,
  };
}

function reconnect(alive: Alive, fault: Fault, nowMs: number): Next {
  const state = reconnectingState(alive, fault, nowMs);
  return to(
    state,
    { kind: 'drop-link' },
    { kind: 'note', text: `link lost: ${fault.message}` },
    { kind: 'wait-for-lease', ms: state.giveUpMs - nowMs },
    { kind: 'wait', ms: backoffMs(0) },
  );
}

function attempt(state: In<'reconnecting'>): Next {
  return to({ ...state, phase: 'attempting', attempt: state.attempt + 1 }, { kind: 'retry' });
}

function mayRestart({ agentRestarts }: Alive): boolean {
  return agentRestarts < MAX_AGENT_RESTARTS;
}

function restart(state: In<'reconnecting'>, fault: Fault): Next {
  return to(
    {
      ...state,
      phase: 'restarting',
      attempt: state.attempt + 1,
      agentRestarts: state.agentRestarts + 1,
      why: fault.message,
    },
    { kind: 'drop-link' },
    { kind: 'note', text: `starting the agent again: ${fault.message}` },
    { kind: 'restart-agent' },
  );
}

function leaseOver(state: In<'reconnecting'>): Fault {
  return {
    code: 'link-lost',
    message: `cannot reach the device again within ${seconds(state.giveUpMs - state.sinceMs)}: ${state.why}`,
    hint: 'The agent on the device has ended by itself. Connect again once the device answers; the recording is kept.',
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
