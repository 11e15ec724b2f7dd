import { describe, expect, test } from 'vitest';
import {
  basisOf,
  callDiffs,
  type CompareSide,
  diffTree,
  type DiffWidths,
  flowDiffs,
  functionCosts,
  functionDiffs,
  functionDiffsCsv,
  mergeProfiles,
  resourcesOf,
  sideFacts,
  sideProfile,
} from '../../../renderer/derive/compare/index.ts';
import type { Signal } from '../../../remote-agent/protocol/signal.ts';
import { comparisonNotes } from '../../../remote-agent/protocol/statistics/index.ts';
import { windowsWithin } from '../../../renderer/store/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { largeProfile, signalsFromStacks } from '../../fixtures/signals.ts';
import { snapshotOf } from './drawn.ts';

function side(given: string | readonly Signal[], from = 0, to = Number.POSITIVE_INFINITY): CompareSide {
  const snapshot = snapshotOf(given);
  const range = { fromNs: snapshot.firstNs + from * 1e9, toNs: Math.min(snapshot.lastNs, snapshot.firstNs + to * 1e9) };
  return { snapshot, ...range, spanIn: (axis) => windowsWithin(axis, range) };
}

const large = (seed: number) => largeProfile({ frames: 300, seed, seconds: 2, rows: 300 });

function merged(before: CompareSide, after: CompareSide) {
  const [was, is] = [sideProfile(before, 'process')!, sideProfile(after, 'process')!];
  const both = mergeProfiles(was, is);
  return { profile: both, costs: functionCosts(both), sides: { before: was, after: is } };
}

/** "main 4 → 6 (+1)": by node, indented by depth. */
function drawnDiff(before: CompareSide, after: CompareSide, widths: DiffWidths): string[] {
  const { profile, costs, sides } = merged(before, after);
  const diff = diffTree(profile, widths, basisOf('samples', costs, sides, null)!);
  return Array.from({ length: diff.tree.count }, (_, node) => {
    const name = profile.names.name(diff.tree.key[node]!);
    return `${' '.repeat(diff.tree.depth[node]!)}${name} ${diff.before[node]} → ${diff.after[node]}`;
  });
}

const BEFORE = 'nginx;main;parse 30\nnginx;main;read 20\nnginx;old 10';
const AFTER = 'nginx;main;parse 90\nnginx;main;read 20\nnginx;new;deep 10';

describe('one tree of both sides', () => {
  test('as wide as after: gone frames have no room', () => {
    expect(drawnDiff(side(BEFORE), side(AFTER), 'after')).toEqual([
      'All 60 → 120',
      ' nginx 60 → 120',
      '  main 50 → 110',
      '   parse 30 → 90',
      '   read 20 → 20',
      '  new 0 → 10',
      '   deep 0 → 10',
    ]);
  });

  test('as wide as before: new frames have no room', () => {
    expect(drawnDiff(side(BEFORE), side(AFTER), 'before')).toEqual([
      'All 60 → 120',
      ' nginx 60 → 120',
      '  main 50 → 110',
      '   parse 30 → 90',
      '   read 20 → 20',
      '  old 10 → 0',
    ]);
  });

  test('as wide as both: everything is there', () => {
    expect(drawnDiff(side(BEFORE), side(AFTER), 'both')).toContain('  old 10 → 0');
    expect(drawnDiff(side(BEFORE), side(AFTER), 'both')).toContain('  new 0 → 10');
  });

  test('is a tree as the pictures rely on it', () => {
    const { profile, costs, sides } = merged(side(large(1)), side(large(2)));
    for (const widths of ['after', 'before', 'both'] as const) {
      const { tree } = diffTree(profile, widths, basisOf('samples', costs, sides, null)!);
      for (let node = 1; node < tree.count; node++) {
        const up = tree.parent[node]!;
        expect(up).toBeLessThan(node);
        expect(tree.depth[node]).toBe(tree.depth[up]! + 1);
        expect(tree.end[node]).toBeLessThanOrEqual(tree.end[up]!);
        expect(tree.total[node]).toBeGreaterThan(0);
      }
    }
  });

  test('matches by name and file name, whatever the ids, the folder and the process number', () => {
    const moved = 'other;x;y 3\nnginx;main;parse@/opt/lib/libx.so 7';
    const { profile, costs } = merged(side('nginx;main;parse@/usr/lib/libx.so 5'), side(moved));
    const parse = costs.present.filter((id) => profile.names.name(id) === 'parse');
    expect(parse).toHaveLength(1);
    expect([costs.before.self[parse[0]!], costs.after.self[parse[0]!]]).toEqual([5, 7]);
  });
});

describe('functions', () => {
  test('a thing and itself differ in nothing', () => {
    const { profile, costs, sides } = merged(side(large(3)), side(large(3)));
    for (const by of ['samples', 'time'] as const) {
      const basis = basisOf(by, costs, sides, null)!;
      for (const { change, q } of functionDiffs(costs, 'self', basis).values())
        expect([change.points, q]).toEqual([0, 1]);
      expect([...diffTree(profile, 'both', basis).step].every((step) => step === 0)).toBe(true);
    }
  });

  test('swapped, every change is the opposite', () => {
    const [a, b] = [side(large(4)), side(large(5))];
    const points = (before: CompareSide, after: CompareSide) => {
      const { profile, costs, sides } = merged(before, after);
      const diffs = functionDiffs(costs, 'total', basisOf('samples', costs, sides, null)!);
      const key = (id: number) => `${profile.names.module(id)} ${profile.names.name(id)}`;
      return new Map([...diffs].map(([id, { change }]) => [key(id), change.points]));
    };
    const [there, back] = [points(a, b), points(b, a)];
    expect(there.size).toBeGreaterThan(50);
    for (const [key, value] of there) expect(back.get(key)).toBeCloseTo(-value, 12);
  });

  test('100 % may be a function; one that is on one side only cannot be', () => {
    const { profile, costs, sides } = merged(side(BEFORE), side(AFTER));
    const id = (name: string) => costs.present.find((each) => profile.names.name(each) === name)!;
    const basis = basisOf('total', costs, sides, id('main'))!;
    expect(basis).toEqual({ by: 'total', before: 50, after: 110 });
    expect(functionDiffs(costs, 'self', basis).get(id('read'))!.change).toMatchObject({ before: 0.4, after: 2 / 11 });
    expect(basisOf('total', costs, sides, id('new'))).toBeNull();
    expect(basisOf('total', costs, sides, null)).toBeNull();
  });

  test('time: per CPU, whatever the rate and the length', () => {
    const slow = signalsFromStacks('a;f 50 @0\na;f 0 @1', { hz: 50, cpus: 2, idle: 50 });
    const fast = signalsFromStacks('a;f 100', { hz: 100, cpus: 2, idle: 100 });
    const { costs, sides, profile } = merged(side(slow, 0, 1), side(fast));
    const f = costs.present.find((id) => profile.names.name(id) === 'f')!;
    const { change } = functionDiffs(costs, 'self', basisOf('time', costs, sides, null)!).get(f)!;
    expect(change).toMatchObject({ before: 1, after: 1, points: 0 });
  });

  test('as CSV', () => {
    const { profile, costs, sides } = merged(side('a;=x 1\na;y 1'), side('a;=x 3\na;y 1'));
    const basis = basisOf('samples', costs, sides, null)!;
    const [self, total] = [functionDiffs(costs, 'self', basis), functionDiffs(costs, 'total', basis)];
    const lines = functionDiffsCsv(costs.present, costs, self, total, profile.names).split('\r\n');
    expect(lines.find((line) => line.startsWith("'=x"))).toMatch(/,1,3,50,75,25,[\d.e-]+,1,3,50,75,25,[\d.e-]+$/);
  });
});

describe('system calls', () => {
  const calls = (power: number) => signalsFromCalls(`nginx read - ${power} 200`);

  test('shift of the same call of the same process', () => {
    const [diff] = callDiffs(side(calls(10)), side(calls(14)))!;
    expect(diff).toMatchObject({ call: 'read', process: 'nginx', before: { calls: 200 }, after: { calls: 200 } });
    expect(diff!.shift.p99).toBeGreaterThan(8);
  });

  test('nothing to compare where one side has none', () => {
    expect(callDiffs(side('a;b 1'), side(calls(10)))).toBeNull();
    expect(flowDiffs(side('a;b 1'), side('a;b 1'), 'process')).toBeNull();
  });
});

test('what is to be known before comparing', () => {
  const [a, b] = [
    side(signalsFromStacks('a;b 400', { lost: { 'map-full': 100 } })),
    side(signalsFromStacks('a;b 400')),
  ];
  const facts = [a, b].map((each) => sideFacts(each, sideProfile(each, 'none')));
  expect(comparisonNotes(facts[0]!, facts[1]!)).toMatchObject([{ weight: 'wrong', what: 'Lost: 20 % → 0.0 %' }]);
  expect(resourcesOf(a).observer).toBeGreaterThan(0);
});
