/** The behaviour of a session, one row per state and event. What is not listed changes nothing: the last test holds that. */
import { expect, test } from 'vitest';
import type { Fault } from '../../../remote-agent/protocol/index.ts';
import { next } from '../../../electron/session/next.ts';
import type { DeviceLink, Event, Outage, State } from '../../../electron/session/state.ts';
import { FRESH_STEPS } from '../../../electron/session/steps.ts';

const NOW = 1_000_000;
const LEASE_MS = 60_000;
const link: DeviceLink = { user: 'ops', address: '192.0.2.7:22', leaseMs: LEASE_MS };
const fault: Fault = { code: 'link-lost', message: 'the cable is out' };
const steps = FRESH_STEPS;
const outage: Outage = { sinceMs: NOW - 3000, giveUpMs: NOW + 62_000, attempt: 1, why: 'the cable is out' };
const over: Outage = { ...outage, giveUpMs: NOW };
const reconnecting = {
  kind: 'reconnecting',
  steps,
  link,
  agentRestarts: 0,
  outage,
  to: 'resume',
  phase: 'attempting',
} as const satisfies State;
const restarting = { ...reconnecting, to: 'restart', agentRestarts: 1 } as const;

const STATES = {
  idle: { kind: 'idle' },
  connecting: { kind: 'connecting', steps, prompt: null },
  starting: { kind: 'starting', steps, link, agentRestarts: 0, outage: null },
  'starting, after an outage': { kind: 'starting', steps, link, agentRestarts: 0, outage },
  'starting, restarted before': { kind: 'starting', steps, link, agentRestarts: 1, outage },
  live: { kind: 'live', steps, link, agentRestarts: 0 },
  'live, restarted before': { kind: 'live', steps, link, agentRestarts: 1 },
  'reconnecting, waiting': { ...reconnecting, phase: 'waiting' },
  'reconnecting, attempting': reconnecting,
  'reconnecting, restarted before': { ...reconnecting, agentRestarts: 1 },
  'reconnecting, lease over': { ...reconnecting, outage: over },
  'restarting, attempting': restarting,
  'restarting, waiting': { ...restarting, phase: 'waiting' },
  'restarting, attempting, lease over': { ...restarting, outage: over },
  'restarting, waiting, lease over': { ...restarting, phase: 'waiting', outage: over },
  ending: { kind: 'ending', steps, fault },
  ended: { kind: 'ended', steps, fault },
} as const satisfies Record<string, State>;

const EVENTS = {
  start: { kind: 'start' },
  step: { kind: 'step', change: { id: 'ssh', state: 'running', detail: 'x', progress: null } },
  asked: { kind: 'asked', prompt: { kind: 'host-key', id: 1, host: 'h', algorithm: 'a', fingerprint: 'f' } },
  answered: { kind: 'answered' },
  reached: { kind: 'reached', link },
  'probes-started': { kind: 'probes-started' },
  failed: { kind: 'failed', fault },
  'link-lost': { kind: 'link-lost', fault },
  'retry-due': { kind: 'retry-due' },
  'retry-failed': { kind: 'retry-failed', fault },
  resumed: { kind: 'resumed' },
  'agent-gone': { kind: 'agent-gone', fault },
  'lease-over': { kind: 'lease-over' },
  'reconnect-now': { kind: 'reconnect-now' },
  disconnect: { kind: 'disconnect' },
  closed: { kind: 'closed' },
} as const satisfies { readonly [K in Event['kind']]: Event };

//  state                                   event            becomes                      effects
const TABLE = `
    idle                                  | start          | connecting                 | reach
    idle                                  | disconnect     | ending                     | close
    connecting                            | step           | connecting                 |
    connecting                            | asked          | connecting                 |
    connecting                            | answered       | connecting                 |
    connecting                            | reached        | starting                   | start-probes
    connecting                            | failed         | ending: link-lost          | close
    connecting                            | disconnect     | ending                     | close
    starting                              | step           | starting                   |
    starting                              | probes-started | live                       |
    starting                              | failed         | ending: link-lost          | close
    starting                              | link-lost      | reconnecting: waiting 0    | drop-link, note, wait-for-lease 65000, wait 500
    starting                              | agent-gone     | restarting: attempting 1   | drop-link, note, wait-for-lease 65000, restart-agent
    starting                              | disconnect     | ending                     | close
    starting, after an outage             | link-lost      | reconnecting: waiting 0    | drop-link, note, wait-for-lease 65000, wait 500
    starting, after an outage             | agent-gone     | restarting: attempting 2   | drop-link, note, wait-for-lease 65000, restart-agent
    starting, restarted before            | link-lost      | reconnecting: waiting 0    | drop-link, note, wait-for-lease 65000, wait 500
    starting, restarted before            | agent-gone     | ending: link-lost          | close
    starting, restarted before            | probes-started | live                       |
    live                                  | link-lost      | reconnecting: waiting 0    | drop-link, note, wait-for-lease 65000, wait 500
    live                                  | agent-gone     | restarting: attempting 1   | drop-link, note, wait-for-lease 65000, restart-agent
    live                                  | failed         | ending: link-lost          | close
    live                                  | disconnect     | ending                     | close
    live, restarted before                | link-lost      | reconnecting: waiting 0    | drop-link, note, wait-for-lease 65000, wait 500
    live, restarted before                | agent-gone     | ending: link-lost          | close
    live, restarted before                | failed         | ending: link-lost          | close
    live, restarted before                | disconnect     | ending                     | close
    reconnecting, waiting                 | retry-due      | reconnecting: attempting 2 | retry
    reconnecting, waiting                 | reconnect-now  | reconnecting: attempting 2 | retry
    reconnecting, attempting              | reconnect-now  | reconnecting: attempting 2 | retry
    reconnecting, attempting              | retry-failed   | reconnecting: waiting 1    | wait 1000
    reconnecting, attempting              | resumed        | starting                   | note, start-probes
    reconnecting, attempting              | agent-gone     | restarting: attempting 2   | drop-link, note, wait-for-lease 65000, restart-agent
    reconnecting, attempting              | failed         | ending: link-lost          | close
    reconnecting, attempting              | disconnect     | ending                     | close
    reconnecting, waiting                 | disconnect     | ending                     | close
    reconnecting, restarted before        | agent-gone     | ending: link-lost          | close
    reconnecting, lease over              | lease-over     | ending: link-lost          | close
    restarting, attempting                | reached        | starting                   | start-probes
    restarting, attempting                | retry-failed   | restarting: waiting 1      | wait 1000
    restarting, attempting                | failed         | ending: link-lost          | close
    restarting, attempting                | disconnect     | ending                     | close
    restarting, waiting                   | retry-due      | restarting: attempting 2   | restart-agent
    restarting, waiting                   | reconnect-now  | restarting: attempting 2   | restart-agent
    restarting, waiting, lease over       | lease-over     | ending: link-lost          | close
    restarting, attempting, lease over    | retry-failed   | ending: link-lost          | close
    ending                                | closed         | ended: link-lost           |
`;

interface Row {
  readonly state: keyof typeof STATES;
  readonly event: keyof typeof EVENTS;
  readonly becomes: string;
  readonly effects: string;
}

const ROWS = TABLE.trim()
  .split('\n')
  .map((line): Row => {
    const [state, event, becomes, effects] = line.split('|').map((cell) => cell.trim());
    return {
      state: state as Row['state'],
      event: event as Row['event'],
      becomes: becomes ?? '',
      effects: effects ?? '',
    };
  });

function describeState(state: State): string {
  if (state.kind === 'reconnecting')
    return `${state.to === 'resume' ? 'reconnecting' : 'restarting'}: ${state.phase} ${state.outage.attempt}`;
  return 'fault' in state && state.fault ? `${state.kind}: ${state.fault.code}` : state.kind;
}

function outcome(state: State, event: Event): { becomes: string; effects: string } {
  const result = next(state, event, NOW);
  const effects = result.effects
    .map((effect) => ('ms' in effect ? `${effect.kind} ${effect.ms}` : effect.kind))
    .join(', ');
  return { becomes: describeState(result.state), effects };
}

test.each(ROWS)('$state + $event → $becomes', ({ state, event, becomes, effects }) => {
  expect(outcome(STATES[state], EVENTS[event])).toEqual({ becomes, effects });
});

test('whatever else happens in whatever state changes nothing', () => {
  const listed = new Set(ROWS.map(({ state, event }) => `${state} + ${event}`));
  /** The table shows one variant where all variants of a kind behave alike. */
  const alike = (kind: State['kind'], event: string) =>
    Object.entries(STATES).some(([other, state]) => state.kind === kind && listed.has(`${other} + ${event}`));
  for (const [name, state] of Object.entries(STATES))
    for (const [kind, event] of Object.entries(EVENTS)) {
      if (alike(state.kind, kind)) continue;
      expect(next(state, event, NOW), `${name} + ${kind}`).toEqual({ state, effects: [] });
    }
});

test('a lease that runs out does not stop an agent from being started again', () => {
  const state = STATES['restarting, attempting, lease over'];
  expect(next(state, EVENTS['lease-over'], NOW)).toEqual({ state, effects: [] });
});

test('the lease of an earlier outage does not end a later one', () => {
  expect(next(reconnecting, EVENTS['lease-over'], NOW)).toEqual({ state: reconnecting, effects: [] });
});

test('an agent that is being started does not hang: the user cannot hurry it', () => {
  expect(next(restarting, EVENTS['reconnect-now'], NOW)).toEqual({ state: restarting, effects: [] });
});

test('while an attempt is under way, an old timer does not start a second one', () => {
  expect(next(reconnecting, EVENTS['retry-due'], NOW).effects).toEqual([]);
});

test('pauses grow to ten seconds: 0.5, 1, 2, 4, 8, 10, 10', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 50].map(
    (attempt) => next({ ...reconnecting, outage: { ...outage, attempt } }, EVENTS['retry-failed'], NOW).effects,
  );
  expect(pauses.flat().map((effect) => (effect.kind === 'wait' ? effect.ms : effect.kind))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
});

test('giving up says why the link was lost and for how long it was tried', () => {
  const { state } = next({ ...reconnecting, outage: over }, EVENTS['lease-over'], NOW);
  expect(state).toMatchObject({
    kind: 'ending',
    fault: { code: 'link-lost', message: 'cannot reach the device again within 3.0 s: the cable is out' },
  });
});

test('a step that was running when the session ended has failed; the others stay as they were', () => {
  const running = next(STATES.connecting, EVENTS.step, NOW).state;
  const { state } = next(running, EVENTS.failed, NOW + 250);
  expect('steps' in state && state.steps.slice(0, 2)).toEqual([
    { id: 'ssh', state: 'failed', detail: 'x', progress: null, startedMs: NOW, endedMs: NOW + 250 },
    { id: 'detect', state: 'waiting', detail: '', progress: null, startedMs: null, endedMs: null },
  ]);
});
