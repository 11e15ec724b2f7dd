import { describe, expect, test } from 'vitest';
import { PUBLISH_GAP_MS, Publisher } from '../../../renderer/store/publisher.ts';
import { HandClock, isSettled } from './hand-clock.ts';

function setup() {
  const clock = new HandClock();
  let published = 0;
  const publisher = new Publisher(() => void published++, clock);
  return { clock, publisher, published: () => published };
}

describe('publisher', () => {
  test('gathers all changes of a frame into one publish', () => {
    const { clock, publisher, published } = setup();
    for (let i = 0; i < 50; i++) void publisher.changed();
    expect(published()).toBe(0);
    clock.frame();
    expect(published()).toBe(1);
  });

  test('publishes at most five times a second under a steady stream, and never stops', () => {
    const { clock, publisher, published } = setup();
    for (let frame = 0; frame < 600; frame++) {
      void publisher.changed();
      clock.frame(1000 / 60);
    }
    expect(published()).toBeGreaterThanOrEqual(40);
    expect(published()).toBeLessThanOrEqual(50);
  });

  test('a change inside the gap is published after it, without another change', () => {
    const { clock, publisher, published } = setup();
    void publisher.changed();
    clock.frame();
    void publisher.changed();
    clock.frame();
    expect(published()).toBe(1);
    clock.frame(PUBLISH_GAP_MS);
    expect(published()).toBe(2);
  });

  test('asks for no frame while nothing changes', () => {
    const { clock, publisher } = setup();
    void publisher.changed();
    clock.frame();
    // The frame after a publish tells how long drawing took.
    clock.frame();
    expect(clock.framesWanted).toBe(0);
  });

  test('a picture that takes long to draw is drawn less often', () => {
    const { clock, publisher, published } = setup();
    void publisher.changed();
    clock.frame();
    clock.frame(500);
    const publishes: number[] = [];
    for (let ms = 500; ms <= 2500; ms += 100) {
      void publisher.changed();
      clock.frame(100);
      publishes.push(published());
    }
    expect(publishes.indexOf(2) * 100 + 600).toBe(2000);
  });

  test('a batch settles at the frame that took it, also where the picture is published later', async () => {
    const { clock, publisher, published } = setup();
    void publisher.changed();
    clock.frame();
    const second = publisher.changed();
    expect(await isSettled(second)).toBe(false);
    clock.frame();
    expect(await isSettled(second)).toBe(true);
    expect(published()).toBe(1);
  });

  test('hurry does not wait for the gap, and does nothing where nothing changed', () => {
    const { clock, publisher, published } = setup();
    publisher.hurry();
    expect(clock.framesWanted).toBe(0);
    void publisher.changed();
    clock.frame();
    void publisher.changed();
    publisher.hurry();
    clock.frame(1);
    expect(published()).toBe(2);
  });

  test('a hidden window takes batches at once, and publishes once a second', async () => {
    const { clock, publisher, published } = setup();
    clock.hide(true);
    for (let i = 0; i < 30; i++) {
      expect(await isSettled(publisher.changed())).toBe(true);
      clock.pass(100);
    }
    expect(published()).toBe(3);
  });

  test('hiding lets go of the batches that wait for a frame which will not come', async () => {
    const { clock, publisher } = setup();
    const waiting = publisher.changed();
    clock.hide(true);
    expect(await isSettled(waiting)).toBe(true);
  });

  test('being seen again shows what came meanwhile', () => {
    const { clock, publisher, published } = setup();
    clock.hide(true);
    void publisher.changed();
    void publisher.changed();
    const before = published();
    clock.hide(false);
    expect(published()).toBe(before + 1);
  });

  test('closing settles what waits and publishes no more', async () => {
    const { clock, publisher, published } = setup();
    const waiting = publisher.changed();
    publisher.close();
    clock.frame();
    expect(await isSettled(waiting)).toBe(true);
    expect(published()).toBe(0);
  });
});
