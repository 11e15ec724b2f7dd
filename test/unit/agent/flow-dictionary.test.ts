import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Dictionary } from '../../../remote-agent/agent/names/dictionary.ts';
import { FlowDictionary } from '../../../remote-agent/agent/names/flow-dictionary.ts';
import { FlowRunSchema } from '../../../remote-agent/protocol/generated/sonde_pb.ts';
import { MAX_FLOWS_AT_ONCE } from '../../../remote-agent/protocol/limits.ts';
import { seeded } from '../protocol/seeded.ts';
import { wireFlow } from './wire-writer.mjs';

const words = (cookie: number, more: object = {}) =>
  new Uint32Array(new Uint8Array(wireFlow({ cookie, ...more } as never)).buffer);

class Setup {
  readonly dictionary = new Dictionary();
  readonly flows: FlowDictionary;
  nowMs = 1000;

  constructor(maxEntries?: number) {
    this.flows = new FlowDictionary(this.dictionary, maxEntries);
  }

  id(cookie: number, more: object = {}, isEnd = false): number {
    return this.flows.idOf(words(cookie, more), 0, isEnd, this.nowMs);
  }

  /** A second later. */
  tick(): void {
    this.flows.forgetEnded(this.nowMs);
    this.nowMs += 1000;
  }
}

describe('ids of flows', () => {
  it('are dense, and the same for the same bytes', () => {
    const setup = new Setup();
    const ids = [setup.id(7), setup.id(8), setup.id(7), setup.id(7, { remote: '10.0.0.10' }), setup.id(8)];
    expect(ids).toEqual([1, 2, 1, 3, 2]);
    expect(setup.id(7, { flags: 2 })).toBe(4);
  });

  it('stay for seconds after the end, for other tables and probes, and are then forgotten', () => {
    const setup = new Setup();
    expect([setup.id(7, {}, true), setup.id(7)]).toEqual([1, 1]);
    setup.tick();
    setup.tick();
    expect([setup.id(7), setup.flows.size]).toEqual([1, 1]);
    setup.tick();
    setup.tick();
    expect([setup.flows.size, setup.id(7)]).toEqual([0, 2]);
  });

  it('are not given while the spool is full', () => {
    const setup = new Setup();
    setup.id(1);
    setup.dictionary.isFrozen = true;
    expect([setup.id(1), setup.id(2)]).toEqual([1, 0]);
    expect(setup.dictionary.refusal).toBe('spool-full');
  });

  it('of the longest silent are forgotten where there is no room', () => {
    const setup = new Setup(1024);
    for (let cookie = 1; cookie <= 1024; cookie++) {
      if (cookie % 256 === 1) setup.tick();
      setup.id(cookie);
    }
    setup.tick();
    expect([setup.id(1), setup.id(2000)]).toEqual([1, 1025]);
    expect(setup.flows.size).toBeLessThan(600);
    expect([setup.id(1024), setup.id(1), setup.id(300)]).toEqual([1024, 1, 1026]);
  });

  it('are refused where all that are known are of this batch', () => {
    const setup = new Setup(1024);
    for (let cookie = 1; cookie <= 1024; cookie++) setup.id(cookie);
    expect([setup.id(5000), setup.id(1024), setup.flows.size]).toEqual([0, 1024, 1024]);
    setup.tick();
    expect(setup.id(5000)).toBe(1025);
  });

  it('are due to be told before they are too many for a reader', () => {
    const setup = new Setup();
    const most = MAX_FLOWS_AT_ONCE / 2;
    for (let cookie = 1; cookie < most; cookie++) setup.id(cookie);
    expect(setup.flows.isTakeDue).toBe(false);
    setup.id(most);
    expect(setup.flows.isTakeDue).toBe(true);
    expect(fromBinary(FlowRunSchema, setup.flows.take() ?? expect.fail('nothing'))).toMatchObject({
      first: 1,
      count: most,
    });
    expect(setup.flows.isTakeDue).toBe(false);
  });

  it('are as a plain map would give them, over thousands that come and go', () => {
    const { seed, random } = seeded();
    const setup = new Setup();
    const model = new Map<number, { id: number; endedMs: number }>();
    let count = 0;
    for (let second = 0; second < 60; second++) {
      for (let i = 0; i < 500; i++) {
        const cookie = Math.floor(random() * 3000);
        const isEnd = random() < 0.4;
        let known = model.get(cookie);
        if (!known) model.set(cookie, (known = { id: ++count, endedMs: 0 }));
        if (isEnd && known.endedMs === 0) known.endedMs = setup.nowMs;
        expect(setup.id(cookie, {}, isEnd), `seed ${seed}`).toBe(known.id);
      }
      for (const [cookie, { endedMs }] of model) if (endedMs > 0 && endedMs + 3000 <= setup.nowMs) model.delete(cookie);
      setup.tick();
      expect(setup.flows.size, `seed ${seed}`).toBe(model.size);
    }
  });
});
