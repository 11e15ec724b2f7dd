import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callersCallees,
  corePercent,
  coverageOf,
  facetsOf,
  followPath,
  frameFacts,
  functionsCsv,
  Matcher,
  matchTree,
  parseSearch,
  pathOf,
  ROOT,
  selfTotal,
  stackText,
} from '../../../renderer/derive/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { stacks } from './arbitrary.ts';
import { drawn, nodeNamed, text, treeText } from './drawn.ts';

const RECURSIVE = drawn('sh;main;f;g;f;h 3\nsh;main;g 2\nsh;f 1');
const idOf = (name: string) => RECURSIVE.functions.name.indexOf(name);

describe('selfTotal', () => {
  it('counts recursion once', () => {
    const { self, total } = selfTotal(RECURSIVE.tree, RECURSIVE.functions.count);
    const costs = Object.fromEntries(
      ['main', 'f', 'g', 'h'].map((name) => [name, [self[idOf(name)], total[idOf(name)]]]),
    );
    expect(costs).toEqual({ main: [0, 5], f: [1, 4], g: [2, 5], h: [3, 3] });
  });

  it('agrees with counting stack by stack', () => {
    fc.assert(
      fc.property(stacks, (given) => {
        const { tree, functions } = drawn(signalsFromStacks(given));
        const { self, total, present } = selfTotal(tree, functions.count);
        const count = (test: (frames: readonly string[]) => boolean) =>
          given.reduce((sum, stack) => sum + (test(stack.frames) ? (stack.samples ?? 0) : 0), 0);
        const id = functions.name.indexOf('irq');
        if (id > 0) {
          expect(total[id]).toBe(count((frames) => frames.includes('irq_[k]')));
          expect(self[id]).toBe(count((frames) => frames.at(-1) === 'irq_[k]'));
        }
        expect(present.every((each) => total[each]! > 0 && total[each]! >= self[each]!)).toBe(true);
      }),
    );
  });

  it('gives CSV that a spreadsheet cannot take for a formula', () => {
    const evil = drawn('sh;=cmd|x;a,"b" 2');
    const costs = selfTotal(evil.tree, evil.functions.count);
    const csv = functionsCsv([...costs.present].sort(), costs, evil.names);
    expect(csv.split('\r\n').slice(1, 3)).toEqual([
      "'=cmd|x,/usr/bin/sh,application,0,0.000,2,100.000",
      '"a,""b""",/usr/bin/sh,application,2,100.000,2,100.000',
    ]);
  });
});

describe('callersCallees', () => {
  it('takes the outermost call: callers above it, inner calls among the callees', () => {
    const { callers, callees } = callersCallees(
      RECURSIVE.tree,
      idOf('f'),
      RECURSIVE.snapshot.tables,
      RECURSIVE.functions,
    );
    expect(treeText(callers, RECURSIVE.names)).toBe('f 4\n  sh (101) 1 (1)\n  main 3\n    sh (101) 3 (3)');
    expect(treeText(callees, RECURSIVE.names)).toBe('f 4 (1)\n  g 3\n    f 3\n      h 3 (3)');
  });

  it('has the total of the function on both sides', () => {
    fc.assert(
      fc.property(stacks, (given) => {
        const { tree, functions, snapshot } = drawn(signalsFromStacks(given));
        const { total, present } = selfTotal(tree, functions.count);
        for (const id of present) {
          const { callers, callees } = callersCallees(tree, id, snapshot.tables, functions);
          expect([callers.total[ROOT], callees.total[ROOT]]).toEqual([total[id], total[id]]);
        }
      }),
    );
  });
});

describe('search', () => {
  const find = (term: string) => matchTree(RECURSIVE.tree, new Matcher(parseSearch(term)!, RECURSIVE.names));

  it('counts a stack with several matching frames once', () => {
    expect([find('^f$').weight, find('^[fg]$').weight, find('^h$|main').weight, find('nothing').weight]).toEqual([
      4, 6, 5, 0,
    ]);
    expect(find('^f$').nodes.length).toBe(3);
  });

  it('finds by module, too, and cares for case only where the text does', () => {
    const { tree, names } = drawn('sh;f@libSSL.so 2\nsh;g 1');
    const weight = (term: string) => matchTree(tree, new Matcher(parseSearch(term)!, names)).weight;
    expect([weight('libssl'), weight('libSSL'), weight('LIBSSL'), weight('\\.so$')]).toEqual([2, 2, 0, 2]);
  });

  it('says why a text is no expression, and looks for it as it stands', () => {
    const term = parseSearch('f(');
    expect(term?.invalid).toMatch(/group/);
    expect(term?.expression.test('f(int)')).toBe(true);
    expect(parseSearch('')).toBeNull();
  });
});

describe('what is said of a frame', () => {
  const profile = drawn('nginx;main;loop;read_[k] 2\nnginx;main;loop;parse\nnginx;main 4\nsh;main 3');
  const node = nodeNamed(profile, 'loop');

  it('has its shares, its owner and its module', () => {
    expect(frameFacts(profile.tree, node, profile.names, { viewTotal: 7, all: 10 })).toEqual({
      what: 'function',
      name: 'loop',
      isNamed: true,
      kind: 'application',
      modulePath: '/usr/bin/nginx',
      process: 'nginx (101)',
      thread: '',
      self: 0,
      total: 3,
      shareOfView: 3 / 7,
      shareOfAll: 0.3,
      selfShareOfAll: 0,
      depth: 3,
    });
  });

  it('copies the stack innermost first', () => {
    expect(stackText(profile.tree, nodeNamed(profile, 'read'), profile.names)).toBe(
      text(`
        #0 read ([kernel])
        #1 loop (nginx)
        #2 main (nginx)
        nginx (101)
      `),
    );
  });

  it('finds the way back by path, as far as it is there', () => {
    const path = pathOf(profile.tree, node);
    expect(followPath(profile.tree, path)).toEqual({ node, isWhole: true });
    const other = drawn('nginx;main 1');
    expect(followPath(other.tree, path).isWhole).toBe(false);
  });

  it('estimates percent of a core from all ticks, idle ones too', () => {
    const { samples, device } = drawn(
      signalsFromStacks('sh;f 50', { idle: 150, cpus: 2, lost: { 'map-full': 0 } }),
    ).snapshot;
    const coverage = coverageOf(samples, { first: 0, end: 1 });
    expect(coverage).toMatchObject({ seconds: 1, seen: 200, lost: 0, lostByCause: [] });
    expect(corePercent(50, coverage, device?.onlineCpus)).toBe(50);
    expect(corePercent(50, { ...coverage, seen: 0 }, 2)).toBeNull();
  });

  it('lists who was seen, by process, thread and container', () => {
    const { tally, snapshot } = drawn('web/a;f 1\nweb/b;f 2\nsh;f 4');
    const { process, thread, container, total } = facetsOf(tally, snapshot.tables);
    expect([[...process.values()], [...thread.values()], [...container], total]).toEqual([
      [3, 4],
      [1, 2, 4],
      [['', 7]],
      7,
    ]);
  });
});
