// A live session and the recording from before an update.
import { earlierBox, otherBox } from '../box-earlier.ts';
import { at, live, type Stage, type States } from '../stage.ts';
import { RECORDING, REPLAY } from '../views.ts';
import type { Signal } from '../../../../remote-agent/protocol/signal.ts';

/** `earlier`: null: it is not read yet. */
async function comparing(stage: Stage, earlier: readonly Signal[] | null): Promise<void> {
  const { desk, controller } = stage;
  await live(stage);
  const { screen } = controller.state.getState();
  if (screen.kind !== 'session') throw new Error('no session is shown');
  const range = { fromNs: at(100), toNs: at(240) };
  const done = controller.compare.compareRecording(screen.session, range, RECORDING.file, 'gateway-7 2026-05-03.mcap');
  await new Promise((resolve) => setTimeout(resolve));
  const source = desk.hand('recording-1');
  if (!earlier) return source.show({ ...REPLAY, progress: 0.4, complete: false });
  await source.push(earlier);
  source.show(REPLAY);
  await done;
}

export const COMPARES: States = {
  compare: (stage) => comparing(stage, earlierBox(120)),
  'compare-other': (stage) => comparing(stage, otherBox(98)),
  'compare-opening': (stage) => comparing(stage, null),
};
