// A live session.
import { START_NS, boxSignals } from '../box-signals.ts';
import { withCalls } from '../box-calls.ts';
import { type EventsLook, withEvents } from '../box-events.ts';
import { withFlows } from '../box-flows.ts';
import { growing, live, liveWith, type Stage, type States } from '../stage.ts';
import { LIVE, NO_SYSCALLS, NO_TRACEFS, RECORDING } from '../views.ts';

/** Single calls are asked for, too. */
const events = (look?: EventsLook) => async (stage: Stage) =>
  void (await liveWith(stage, withEvents(withCalls(boxSignals(240)), look)));

export const LIVES: States = {
  'live-waiting': async (stage) => void (await liveWith(stage, boxSignals(0))),
  live: async (stage) => void (await live(stage)),
  'live-young': async (stage) => void (await live(stage, 8)),
  'live-losing': async (stage) => void (await live(stage, 240, true)),
  'live-growing': (stage) => growing(stage, withCalls(boxSignals(40))),
  'live-events': events(),
  'live-events-growing': (stage) => growing(stage, withEvents(withCalls(boxSignals(240)))),
  'live-events-losing': events({ losing: true }),
  'live-events-quiet': events({ isQuiet: true }),
  /** Flows without DNS and drops, which are not running. */
  'live-flows-only': async (stage) => void (await liveWith(stage, withFlows(boxSignals(60), { onlyFlows: true }))),
  'live-flows-growing': (stage) => growing(stage, withFlows(boxSignals(40), { onlyFlows: true })),
  /** Only the CPU profile was asked for. */
  'live-profile-only': async (stage) => void (await liveWith(stage, boxSignals(30))),
  'calls-failed': async (stage) =>
    void (await live(stage, 0)).push([
      ...boxSignals(30),
      { kind: 'probe', probe: 'syscalls', atNs: START_NS, what: { kind: 'failed', fault: NO_SYSCALLS } },
    ]),
  'probe-failed': async (stage) =>
    void (await live(stage, 30)).push([
      { kind: 'probe', probe: 'cpu-profile', atNs: START_NS + 30e9, what: { kind: 'failed', fault: NO_TRACEFS } },
    ]),
  'recording-failed': async (stage) =>
    (await live(stage)).show({
      ...LIVE,
      recording: {
        ...RECORDING,
        fault: {
          code: 'file-io',
          message: 'cannot write the recording: no space left on device',
          hint: 'Free some space on this workstation; the part written so far can be opened.',
        },
      },
    } as typeof LIVE),
};
