import { describe, expect, it } from 'vitest';
import {
  followPath,
  NO_FILTER,
  PLAIN_TREE,
  ProfileMaker,
  pathOf,
  sampleColumns,
} from '../../../renderer/derive/index.ts';
import { REPLAY_LIMITS, SessionStore } from '../../../renderer/store/index.ts';
import { largeProfile, signalsFromStacks } from '../../fixtures/signals.ts';
import { drawn, eagerClock, nodeNamed, snapshotOf, treeText } from './drawn.ts';
import { definitionsOf } from '../../fixtures/definitions.ts';

describe('ProfileMaker', () => {
  const ask = { filter: NO_FILTER, options: PLAIN_TREE, inverted: false, within: null };

  it('shows a growing session as a fresh computation would, step by step', () => {
    const signals = signalsFromStacks('sh;a;b 2\nnginx;x 1 @1\nsh;a;c 3 @2\nsh;a;b 1 @3\nweb;z;y 1 @4');
    const store = new SessionStore(REPLAY_LIMITS, eagerClock());
    const maker = new ProfileMaker();
    for (const signal of signals) {
      void store.ingest([signal]);
      const { tables, probes } = store.snapshots.getState();
      const samples = sampleColumns(probes.get('cpu-profile')!.windows);
      const span = { first: Math.max(0, samples.windowCount - 2), end: samples.windowCount };
      const live = maker.make({ ...ask, samples, tables, span });
      const fresh = new ProfileMaker().make({ ...ask, samples, tables, span });
      expect(treeText(live.tree, live.names)).toBe(treeText(fresh.tree, fresh.names));
    }
  });

  it('keeps the tree when nothing it shows changed', () => {
    const { samples, tables } = snapshotOf('sh;a 1');
    const maker = new ProfileMaker();
    const span = { first: 0, end: 1 };
    const first = maker.make({ ...ask, samples, tables, span });
    const again = maker.make({ ...ask, samples: { ...samples }, tables: { ...tables }, span: { ...span } });
    expect(again.tree).toBe(first.tree);
    expect(again.shown).toBe(first.shown);
  });

  it('keeps the way to a frame whose name comes late', () => {
    const store = new SessionStore(REPLAY_LIMITS, eagerClock());
    void store.ingest(signalsFromStacks('sh;0x1234@libfoo.so;leaf 1'));
    const maker = new ProfileMaker();
    const make = () => {
      const { tables, probes } = store.snapshots.getState();
      const samples = sampleColumns(probes.get('cpu-profile')!.windows);
      return maker.make({ ...ask, samples, tables, span: { first: 0, end: samples.windowCount } });
    };
    const before = make();
    const path = pathOf(before.tree, nodeNamed(before, 'leaf'));
    void store.ingest([definitionsOf({ names: [{ frame: 1, name: 'foo_init', interpreted: false }] })]);
    const after = make();
    expect(treeText(after.tree, after.names)).toContain('foo_init');
    expect(followPath(after.tree, path, after.functions.renamed)).toEqual({
      node: nodeNamed(after, 'leaf'),
      isWhole: true,
    });
  });

  it('puts 100,000 frames into one tree', () => {
    const { tree } = drawn(largeProfile({ frames: 100_000, seed: 1 }), { grouping: 'none' });
    expect(tree.count).toBe(100_001);
  });
});
