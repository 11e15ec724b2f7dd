// How a live session ends, or nearly.
import { CRASHED, NO_UNATTENDED } from '../settings.ts';
import { live, type Stage, type States } from '../stage.ts';
import { DONE_STEPS, LINK_LOST, RECORDING } from '../views.ts';
import type { Fault } from '../../../../remote-agent/protocol/fault.ts';

const ended = (fault: Fault | null) => async (stage: Stage) =>
  (await live(stage)).show({ kind: 'ended', fault, steps: DONE_STEPS, recording: RECORDING });

export const ENDINGS: States = {
  reconnecting: async (stage) => {
    const source = await live(stage);
    const nowMs = Date.now();
    source.show({
      kind: 'reconnecting',
      sinceMs: nowMs - 14_000,
      attempt: 3,
      giveUpMs: nowMs + 286_000,
      why: 'no answer for 10 s',
      recording: RECORDING,
    });
  },
  ended: ended(LINK_LOST),
  disconnected: ended(null),
  crashed: ended(CRASHED),
  quit: async (stage) => {
    await live(stage);
    stage.controller.quitting.asked();
  },
  'quit-refused': async (stage) => {
    const source = await live(stage);
    stage.controller.quitting.asked();
    stage.controller.quitting.keepOnDevice();
    source.fail(NO_UNATTENDED);
  },
};
