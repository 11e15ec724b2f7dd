// A recording that was opened.
import type { Mark } from '../../../../electron/bridge/contract.ts';
import type { Signal } from '../../../../remote-agent/protocol/signal.ts';
import { boxSignals } from '../box-signals.ts';
import { withEvents } from '../box-events.ts';
import { previewOf } from '../recordings.ts';
import { allOf, at, opened, replay, type States } from '../stage.ts';
import { EMPTY_SUMMARY, SUMMARY } from '../summaries.ts';
import { LINK_LOST, NO_DNS, RECORDING, REPLAY } from '../views.ts';

const HAPPENINGS: readonly Signal[] = [
  { kind: 'note', atNs: at(78), text: 'the link was away for 8 s' },
  { kind: 'probe', probe: 'syscalls', atNs: at(410), what: { kind: 'restarted', reason: 'the drain worker ended' } },
  { kind: 'probe', probe: 'dns', atNs: at(620), what: { kind: 'failed', fault: NO_DNS } },
];

const MARKS: readonly Mark[] = [
  { id: 'a', fromNs: at(120), toNs: at(120), text: 'valve opened by hand', by: 'user' },
  { id: 'b', fromNs: at(300), toNs: at(372), text: 'broker under load: 40 clients at once', by: 'user' },
  { id: 'c', fromNs: at(700), toNs: at(712), text: 'CPU above 80 % for 10 s', by: 'trigger' },
];

const SEEN_MS = 200;
/** A second more than the window waits. */
const JUDGED_AFTER_MS = 4000;

const isOfProfile = (signal: Signal) => 'probe' in signal && signal.probe === 'cpu-profile';

export const RECORDINGS: States = {
  replay: async (stage) => (await replay(stage)).show(REPLAY),
  /** A recording of a quarter of an hour in which something happened, and somebody said so. */
  'replay-marked': async (stage) => {
    const source = await opened(stage, allOf(900, true));
    await source.push(HAPPENINGS);
    source.setMarks(MARKS);
    source.summaryOutcome = { ok: true, summary: SUMMARY };
    source.show(REPLAY);
  },
  /** One of which the window holds coarse windows only, as it would of a day. */
  'replay-long': async (stage) => {
    const source = await replay(stage);
    const extent = { fromNs: at(0), toNs: at(240) };
    source.show({ ...REPLAY, extent, loaded: { ...extent, stepNs: 10e9 } });
  },
  'replay-reading': async (stage) => (await replay(stage)).show({ ...REPLAY, progress: 0.43, complete: false }),
  /** A large one that was just opened: how long it will take is told once there is something to judge by. */
  'replay-tidying': async (stage) => {
    const source = await replay(stage);
    const view = { ...REPLAY, complete: false, tidying: true };
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    source.show({ ...view, progress: 0 });
    await pause(SEEN_MS);
    source.show({ ...view, progress: 0.02 });
    await pause(JUDGED_AFTER_MS);
    source.show({ ...view, progress: 0.05 });
  },
  /** What another profiler wrote. */
  'replay-imported': async (stage) =>
    (await replay(stage)).show({ ...REPLAY, importedFrom: '/home/mara/Downloads/pump.perf.txt' }),
  /** A recording with next to nothing in it. */
  'replay-short': async (stage) => {
    const source = await replay(stage);
    source.summaryOutcome = { ok: true, summary: EMPTY_SUMMARY };
    source.show(REPLAY);
  },
  /** Its file went away meanwhile. */
  'replay-gone': async (stage) => {
    const source = await replay(stage);
    const message = `cannot open ${RECORDING.file}: no such file`;
    source.summaryOutcome = { ok: false, fault: { code: 'file-io', message } };
    source.show(REPLAY);
  },
  'replay-profile-only': async (stage) => (await opened(stage, boxSignals(30))).show(REPLAY),
  /** Of a Sonde that did not tell within a second. */
  'replay-profile-old': async (stage) => (await opened(stage, boxSignals(30, { isOld: true }))).show(REPLAY),
  'replay-events-only': async (stage) =>
    (
      await opened(
        stage,
        withEvents(boxSignals(60)).filter((signal) => !isOfProfile(signal)),
      )
    ).show(REPLAY),
  /** Whoever shares looks at what is in it first. */
  share: async (stage) => {
    const source = await replay(stage);
    source.previewOutcome = (rules) => ({ ok: true, preview: previewOf(rules) });
    source.show(REPLAY);
  },
  exported: async (stage) => {
    (await replay(stage)).show(REPLAY);
    await stage.controller.exportSession({ format: 'folded', table: null }, []);
    stage.controller.tell(LINK_LOST);
  },
};
