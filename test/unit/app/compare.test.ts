import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SessionView } from '../../../electron/bridge/contract.ts';
import { rangeChoices } from '../../../renderer/app/compare/range-choices.ts';
import { Controller } from '../../../renderer/app/controller.ts';
import type { Session } from '../../../renderer/app/session.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { HandClock } from '../store/hand-clock.ts';
import { FakeDesk } from './fake-desk.ts';

const REPLAY: SessionView = {
  kind: 'replay',
  file: '/r/b.mcap',
  bytes: 1,
  progress: 1,
  complete: true,
  warning: null,
  extent: null,
  loaded: null,
  tidying: false,
  importedFrom: null,
};

let clock: HandClock;

beforeAll(() => void vi.useFakeTimers());
afterAll(() => void vi.useRealTimers());
beforeEach(() => void (clock = new HandClock()));

const soon = () => vi.advanceTimersByTimeAsync(0);
const range = (from: number, to: number) => ({ fromNs: from * 1e9, toNs: to * 1e9 });

async function opened(desk: FakeDesk): Promise<{ controller: Controller; session: Session }> {
  const controller = new Controller(desk, clock);
  await controller.start();
  controller.openRecording('/r/b.mcap');
  await soon();
  const source = desk.hand('recording-1');
  void source.push(signalsFromStacks('b;main 5 @0\nb;main 5 @1'));
  source.show(REPLAY);
  clock.frame();
  const { screen } = controller.state.getState();
  if (screen.kind !== 'session') throw new Error('no session is on screen');
  return { controller, session: screen.session };
}

describe('comparing', () => {
  test('two ranges of a session, swapped, closed', async () => {
    const { controller, session } = await opened(new FakeDesk());
    const { compare } = controller;
    compare.compareRanges(session, range(1000, 1001), range(1001, 1002));
    expect(compare.state.getState().comparison).toMatchObject({
      kind: 'open',
      before: { fromNs: 1000e9, title: expect.stringContaining('edge-box') },
      after: { fromNs: 1001e9 },
    });
    compare.swap();
    expect(compare.state.getState().comparison).toMatchObject({
      before: { fromNs: 1001e9 },
      after: { fromNs: 1000e9 },
    });
    compare.close();
    expect(compare.state.getState().comparison).toBeNull();
  });

  test('another recording is read beside the shown one, and closed when it was', async () => {
    const desk = new FakeDesk();
    const { controller, session } = await opened(desk);
    const done = controller.compare.compareRecording(session, range(1000, 1002), '/r/a.mcap', 'a');
    expect(controller.compare.state.getState().comparison).toMatchObject({ kind: 'opening', session: null });
    await soon();
    const source = desk.hand('recording-1');
    source.show({ ...REPLAY, complete: false, progress: 0.5 });
    await soon();
    expect(controller.compare.state.getState().comparison?.kind).toBe('opening');
    void source.push(signalsFromStacks('a;main 7'));
    source.show(REPLAY);
    clock.frame();
    await done;
    expect(controller.compare.state.getState().comparison).toMatchObject({ kind: 'open', after: { fromNs: 1000e9 } });
    expect(desk.names()).toContain('close-session');
    expect(controller.state.getState().screen).toMatchObject({ session });
  });

  test('one that cannot be read is told, and the session is there again', async () => {
    const desk = new FakeDesk();
    const { controller, session } = await opened(desk);
    const done = controller.compare.compareRecording(session, range(1000, 1002), '/r/a.mcap', 'a');
    await soon();
    const fault = { code: 'bad-recording', message: 'cannot open /r/a.mcap' } as const;
    desk.hand('recording-1').show({ kind: 'ended', fault, steps: [], recording: null });
    await done;
    expect(controller.compare.state.getState().comparison).toBeNull();
    expect(controller.state.getState().toasts).toMatchObject([{ fault }]);
  });

  test('cancelled while it is read: it is closed, and does not appear later', async () => {
    const desk = new FakeDesk();
    const { controller, session } = await opened(desk);
    void controller.compare.compareRecording(session, range(1000, 1002), '/r/a.mcap', 'a');
    await soon();
    const source = desk.hand('recording-1');
    await soon();
    controller.compare.close();
    source.show(REPLAY);
    await soon();
    expect(controller.compare.state.getState().comparison).toBeNull();
    expect(desk.names().filter((name) => name === 'close-session')).toHaveLength(1);
  });

  test('no file was chosen', async () => {
    const desk = new FakeDesk();
    const { controller, session } = await opened(desk);
    vi.spyOn(desk.bridge, 'request').mockResolvedValue({ ok: true, value: null } as never);
    await controller.compare.compareRecording(session, range(1000, 1002), null, 'a recording');
    expect(controller.compare.state.getState().comparison).toBeNull();
  });

  test('goes when the session does', async () => {
    const { controller, session } = await opened(new FakeDesk());
    controller.compare.compareRanges(session, range(1000, 1001), range(1001, 1002));
    controller.leave();
    expect(controller.compare.state.getState().comparison).toBeNull();
  });
});

describe('which ranges can be compared', () => {
  const extent = range(0, 100);
  const ids = (shown: readonly ReturnType<typeof range>[], kept: ReturnType<typeof range> | null = null) =>
    rangeChoices({ shown, extent, kept }).map(({ id }) => id);

  test('all of it: its halves', () => expect(ids([range(0, 100)])).toEqual(['halves']));
  test('a part: also what was before', () => expect(ids([range(40, 60)])).toEqual(['previous', 'halves']));
  test('two: each other', () => expect(ids([range(10, 20), range(30, 40)])).toEqual(['both']));
  test('one was put aside', () => expect(ids([range(40, 60)], range(1, 2))).toEqual(['kept', 'previous', 'halves']));
  test('the one put aside is the one shown', () => expect(ids([range(0, 100)], range(0, 100))).toEqual(['halves']));
  test('none', () => expect(ids([])).toEqual([]));

  test('as long before, or as much as there is', () => {
    const [previous] = rangeChoices({ shown: [range(10, 40)], extent, kept: null });
    expect(previous).toMatchObject({ before: range(0, 10), after: range(10, 40) });
  });
});
