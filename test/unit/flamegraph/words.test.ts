import { describe, expect, it } from 'vitest';
import { facetsOf, frameFacts, ROOT, selfTotal, stepFrom } from '../../../renderer/derive/index.ts';
import type { Selection } from '../../../renderer/store/index.ts';
import { whyEmpty } from '../../../renderer/views/flamegraph/emptiness.ts';
import { factRows, originText, spokenText } from '../../../renderer/views/flamegraph/facts-text.ts';
import { kindShares } from '../../../renderer/views/flamegraph/kind-shares.ts';
import { runAction } from '../../../renderer/views/flamegraph/frame-actions.ts';
import { nextSorting, sortFunctions } from '../../../renderer/views/functions/row-order.ts';
import { keepOrder } from '../../../renderer/widgets/held-order.ts';
import { drawn, nodeNamed } from '../derive/drawn.ts';

const PROFILE = drawn('web;main;loop;read_[k] 2\nweb;main;loop@libev.so;0x1234@libev.so 1\nweb;main 4\nsh;main 3');
const { tree, names, functions, tally, snapshot } = PROFILE;
const facts = (name: string) => frameFacts(tree, nodeNamed(PROFILE, name), names, { viewTotal: 5, all: 10 });

describe('what is said of a frame', () => {
  it('in the tooltip', () => {
    expect(factRows(facts('read'), 12.34)).toEqual([
      ['Total', '2 samples · 20.0 %'],
      ['Self', '2 samples · 20.0 %'],
      ['Of this view', '40.0 %'],
      ['CPU', '≈ 12 % of one core'],
      ['Process', 'web (101)'],
    ]);
    expect([originText(facts('read')), originText(facts('libev.so+0x1200'))]).toEqual([
      'Kernel',
      'Library · /usr/lib/libev.so',
    ]);
  });

  it('to a screen reader', () => {
    expect(spokenText(facts('read'))).toBe('read, Kernel. 2 samples, 20.0 % of all; 20.0 % its own. Row 4.');
    expect(spokenText(facts('sh (102)'))).toBe('sh (102). 3 samples, 30.0 % of all; 0 % its own. Row 1.');
  });

  it('by whose code ran', () => {
    const shares = kindShares(selfTotal(tree, functions.count), functions);
    expect(shares).toEqual({ kernel: 0.2, library: 0.1, application: 0.7, interpreted: 0, unknown: 0 });
  });
});

describe('whyEmpty', () => {
  const any: Selection = { range: { kind: 'last', seconds: 10 }, process: null, thread: null, container: null };
  const facets = facetsOf(tally, snapshot.tables);
  const nobody = { total: 0, process: new Map(), thread: new Map(), container: new Map() };
  const idle = { kept: 0, filtered: 0 };
  const why = (filter: Partial<Selection>, among = facets, windows = 1, live = true, coverage = idle) =>
    whyEmpty({ ...any, ...filter }, among, names, coverage, { windows, live });

  it('tells waiting, idle and filtered apart', () => {
    expect(why({}, nobody, 0)).toEqual({ kind: 'waiting' });
    expect(why({}, nobody, 0, false)).toEqual({ kind: 'no-data' });
    expect(why({}, nobody)).toEqual({ kind: 'idle-box' });
    expect(why({ process: 2 }, nobody)).toEqual({ kind: 'idle', what: 'process', name: 'sh (102)' });
    expect(why({ process: 2, thread: 2 }, nobody)).toEqual({ kind: 'idle', what: 'thread', name: 'sh (thread 102)' });
    expect(why({ container: 'influx' })).toEqual({ kind: 'filtered-out' });
    expect(why({ process: 2, container: 'influx' })).toEqual({ kind: 'filtered-out' });
    const leftOut = { kind: 'left-out', samples: 90 };
    for (const filter of [{}, { process: 2 }])
      expect(why(filter, nobody, 1, true, { kept: 0, filtered: 90 })).toEqual(leftOut);
    expect(why({}, nobody, 1, true, { kept: 4, filtered: 90 })).toEqual({ kind: 'idle-box' });
  });
});

describe('runAction', () => {
  function effectsOf(action: Parameters<typeof runAction>[0], name: string) {
    const log: unknown[] = [];
    const note =
      (what: string) =>
      (...args: unknown[]) =>
        void log.push([what, ...args]);
    runAction(
      action,
      { tree, node: nodeNamed(PROFILE, name), names, isCallersTree: false },
      {
        copy: note('copy'),
        openSandwich: note('sandwich'),
        search: note('search'),
        hide: note('hide'),
        select: note('select'),
        showOther: note('other'),
      },
    );
    return log;
  }

  it('does what the menu says', () => {
    expect(effectsOf('copy-name', 'read')).toEqual([['copy', 'read', 'Name copied']]);
    expect(effectsOf('copy-stack', 'read')[0]).toContain('#0 read ([kernel])\n#1 loop (web)\n#2 main (web)\nweb (101)');
    expect(effectsOf('search', 'libev.so+0x1200')).toEqual([['search', '^libev\\.so\\+0x1200$']]);
    expect(effectsOf('filter-process', 'read')).toEqual([['select', { process: 1, thread: null }]]);
    expect(effectsOf('show System calls', 'read')).toEqual([
      ['select', { process: 1, thread: null }],
      ['other', 'System calls'],
    ]);
    expect(effectsOf('hide', 'web (101)')).toEqual([]);
  });
});

describe('rows of the functions table', () => {
  const costs = selfTotal(tree, functions.count);
  const order = (column: 'self' | 'total' | 'name', direction: 'ascending' | 'descending') =>
    sortFunctions(costs.present, costs, names, { column, direction }).map((id) => names.name(id));

  it('sorts by what is asked, equals by name', () => {
    expect(order('self', 'descending')).toEqual(['main', 'main', 'read', 'libev.so+0x1200', 'loop', 'loop']);
    expect(order('name', 'ascending').at(0)).toBe('libev.so+0x1200');
    expect(nextSorting({ column: 'self', direction: 'descending' }, 'self').direction).toBe('ascending');
    expect(nextSorting({ column: 'self', direction: 'descending' }, 'name').direction).toBe('ascending');
  });

  it('holds the order while rows are pointed at: known ones stay, new ones come last', () => {
    expect(keepOrder([3, 1, 2], [1, 4, 3])).toEqual([3, 1, 4]);
  });
});

describe('stepFrom', () => {
  it('goes to the caller, the heaviest callee, and along the row', () => {
    const step = (name: string, to: Parameters<typeof stepFrom>[2]) => {
      const node = stepFrom(tree, nodeNamed(PROFILE, name), to);
      return node === null ? null : names.name(tree.key[node]!);
    };
    expect([step('All', 'callee'), step('web (101)', 'callee'), step('read', 'caller')]).toEqual([
      'web (101)',
      'main',
      'loop',
    ]);
    expect([step('sh (102)', 'next'), step('web (101)', 'next'), step('sh (102)', 'previous')]).toEqual([
      'web (101)',
      null,
      null,
    ]);
    expect(stepFrom(tree, ROOT, 'caller')).toBeNull();
  });
});
