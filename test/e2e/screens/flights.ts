// What is kept beside the recording of a live session, for the screens, as a session host would say it.
import type { FlightView } from '../../../electron/bridge/contract.ts';

const QUIET: FlightView = { triggers: [], keepsTriggered: true, waiting: [], busy: null, kept: [] };
const WAITING = [
  {
    id: '20260503-140211-0a1b2c',
    brokeOff: false,
    startedMs: Date.UTC(2026, 4, 3, 14, 2, 11),
    running: false,
    state: 'its time is over',
    seconds: 7200,
    bytes: 12_400_000,
    probes: ['cpu-profile', 'syscalls'],
    firings: 0,
  },
] as const;
const RUNNING = {
  id: '20260503-180000-d4e5f6',
  brokeOff: false,
  startedMs: Date.UTC(2026, 4, 3, 18),
  running: true,
  state: 'recording',
  seconds: 312,
  bytes: 604_000,
  probes: ['cpu-profile'],
  firings: 2,
} as const;

/** The last of a session whose workstation is gone. */
const LEFT = [
  {
    id: '20260503-101300-b0b1b2',
    brokeOff: true,
    startedMs: Date.UTC(2026, 4, 3, 10, 13),
    running: false,
    state: 'the client did not come back in time',
    seconds: 118,
    bytes: 231_000,
    probes: ['cpu-profile', 'syscalls', 'net-flows'],
    firings: 0,
  },
] as const;

export const FLIGHTS = {
  quiet: QUIET,
  waiting: { ...QUIET, waiting: WAITING },
  left: { ...QUIET, waiting: LEFT },
  full: {
    triggers: ['cpu>80% for 5s', 'errno:connect:ECONNREFUSED>10/s'],
    keepsTriggered: true,
    waiting: [...LEFT, ...WAITING, RUNNING],
    busy: null,
    kept: [
      {
        file: '/home/mara/Documents/Sonde/gateway-7-20260503-180412.sonde.mcap',
        text: 'cpu>80% for 5s: kept 45 s in',
      },
      { file: '/home/mara/Documents/Sonde/gateway-7-20260503-175801.sonde.mcap', text: 'kept 59 s in' },
    ],
  },
  fetching: { ...QUIET, waiting: WAITING, busy: { text: 'fetching the recording', progress: 0.42 } },
} as const satisfies Record<string, FlightView>;
