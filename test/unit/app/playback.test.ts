import { describe, expect, test } from 'vitest';
import type { Mark } from '../../../electron/bridge/contract.ts';
import { finerRange } from '../../../renderer/app/finer.ts';
import { Session } from '../../../renderer/app/session.ts';
import { MemorySource } from '../../../renderer/source/index.ts';
import { rangeOf } from '../../../renderer/store/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { HandClock } from '../store/hand-clock.ts';

const S = 1e9;

/** A recording of so many seconds, read to its end. */
function recording(seconds: number) {
  const clock = new HandClock();
  const source = new MemorySource();
  const session = new Session('s', { kind: 'recording' }, source, clock);
  void source.push(signalsFromStacks('a;b', { seconds, startNs: 0 }).filter(({ kind }) => kind !== 'device'));
  clock.frame(1000);
  const state = () => session.state.getState();
  return {
    clock,
    source,
    session,
    state,
    /** Which seconds are shown. */
    shown: () => {
      const { fromNs, toNs } = rangeOf(state().selection.range, session.snapshots.getState());
      return [fromNs / S, toNs / S];
    },
    /** So many seconds pass on the workstation. */
    pass: (time: number) => {
      for (let tick = 0; tick < time * 5; tick++) clock.frame(200);
    },
  };
}

describe('playing a recording', () => {
  test('from the start, with as much shown as a recording of that length bears', () => {
    const { session, shown, pass, state } = recording(100);
    session.player.toggle();
    expect(state().following).toEqual({ kind: 'last', seconds: 10 });
    pass(4);
    expect(shown()).toEqual([0, 4]);
    pass(20);
    expect(shown()).toEqual([14, 24]);
  });

  test.each([0.25, 1, 16] as const)('at %d×', (speed) => {
    const { session, shown, pass } = recording(100);
    session.player.setSpeed(speed);
    session.player.toggle();
    pass(4);
    expect(shown()[1]).toBeCloseTo(4 * speed);
  });

  test('the end stops it, and from there it begins anew', () => {
    const { session, shown, pass, state, clock } = recording(100);
    session.seek(98 * S);
    session.player.toggle();
    pass(60);
    expect(state().playback).toMatchObject({ cursorNs: 100 * S, isPlaying: false });
    expect(shown()).toEqual([90, 100]);
    expect(clock.framesWanted).toBe(0);
    session.player.toggle();
    pass(2);
    expect(shown()).toEqual([0, 2]);
  });

  test('pause keeps the place; seeking goes on from there', () => {
    const { session, shown, pass } = recording(100);
    session.player.toggle();
    pass(5);
    session.player.toggle();
    pass(5);
    expect(shown()).toEqual([0, 5]);
    session.player.toggle();
    session.seek(50 * S);
    pass(1);
    expect(shown()).toEqual([41, 51]);
  });

  test('"last 60 s" and "last 10 s" trail the cursor; "all" is all of it again', () => {
    const { session, shown, state } = recording(200);
    session.seek(150 * S);
    session.selectRange({ kind: 'last', seconds: 60 });
    expect(shown()).toEqual([90, 150]);
    session.selectRange({ kind: 'last', seconds: 10 });
    expect(shown()).toEqual([140, 150]);
    session.selectRange({ kind: 'all' });
    expect(shown()).toEqual([0, 200]);
    expect(state().playback.cursorNs).toBeNull();
  });

  test('a selected range ends it, and playing begins where the range does', () => {
    const { session, shown, pass, state } = recording(100);
    session.player.toggle();
    pass(1);
    session.selectRange({ kind: 'between', fromNs: 30 * S, toNs: 40 * S });
    pass(3);
    expect(shown()).toEqual([30, 40]);
    expect(state().playback.isPlaying).toBe(false);
    session.player.toggle();
    pass(2);
    expect(shown()).toEqual([22, 32]);
  });

  test('choosing a process does not stop it', () => {
    const { session, shown, pass, state } = recording(100);
    session.player.toggle();
    pass(3);
    session.select({ ...state().selection, process: 3 });
    pass(3);
    expect(shown()).toEqual([0, 6]);
    expect(state().selection.process).toBe(3);
  });

  test('a window that was hidden does not jump', () => {
    const { session, shown, clock } = recording(100);
    session.player.toggle();
    clock.frame(60_000);
    expect(shown()[1]).toBe(1);
  });

  test('closing leaves no clock running', () => {
    const { session, clock } = recording(10);
    session.player.toggle();
    session.close();
    expect(clock.framesWanted).toBe(0);
  });
});

describe('marks', () => {
  const mark = (id: string): Mark => ({ id, fromNs: 0, toNs: 0, text: id, by: 'user' });

  test('go to the source, and back by undo', () => {
    const { session, state } = recording(10);
    session.marks.set([mark('a')]);
    session.marks.set([mark('a'), mark('b')]);
    expect(state().marks.map(({ id }) => id)).toEqual(['a', 'b']);
    session.marks.set([]);
    session.marks.undo();
    expect(state().marks.map(({ id }) => id)).toEqual(['a', 'b']);
    session.marks.undo();
    session.marks.undo();
    expect(state()).toMatchObject({ marks: [], canUndoMarks: false });
  });

  test('those of the file are shown, and are what undo goes back to', () => {
    const { session, source, state } = recording(10);
    source.setMarks([mark('of the file')]);
    expect(state()).toMatchObject({ marks: [{ id: 'of the file' }], canUndoMarks: false });
    session.marks.set([]);
    session.marks.undo();
    expect(state().marks).toEqual([mark('of the file')]);
  });
});

//  A day, of which the window holds a part in steps; seconds.
describe('finer data of a long recording', () => {
  const day = { fromNs: 0, toNs: 86_400 * S };
  const loaded = (from: number, to: number, step: number) => ({ fromNs: from * S, toNs: to * S, stepNs: step * S });
  const wanted = (from: number, to: number) => ({ fromNs: from * S, toNs: to * S });

  test.each([
    ['all of it, coarse as it is', wanted(0, 86_400), loaded(0, 86_400, 60), undefined],
    ['an hour in steps of a minute', wanted(7200, 10_800), loaded(0, 86_400, 60), wanted(0, 18_000)],
    ['an hour in steps that will do', wanted(7200, 10_800), loaded(0, 86_400, 30), undefined],
    ['ten minutes in what was loaded around it', wanted(8000, 8600), loaded(7000, 10_000, 0), undefined],
    ['ten minutes elsewhere', wanted(50_000, 50_600), loaded(7000, 10_000, 0), wanted(48_800, 51_800)],
    ['at the end of the day', wanted(86_000, 86_400), loaded(0, 86_400, 60), wanted(85_200, 86_400)],
    ['all again', wanted(0, 86_400), loaded(7000, 10_000, 0), null],
  ])('%s', (_, range, held, asked) => {
    expect(finerRange(range, held, day)).toEqual(asked);
  });

  test('a recording that is held whole needs nothing', () => {
    expect(finerRange(wanted(1, 2), null, null)).toBeUndefined();
  });
});
