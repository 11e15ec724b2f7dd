import { describe, expect, it } from 'vitest';
import { functionTable, Names } from '../../../renderer/derive/index.ts';
import { LabelFitter } from '../../../renderer/views/flamegraph/label-fitter.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { drawn, snapshotOf } from '../derive/drawn.ts';

/** Every letter is ten pixels wide. */
function fitter(names: Names): { labels: LabelFitter; measured: string[] } {
  const measured: string[] = [];
  const labels = new LabelFitter((text) => {
    measured.push(text);
    return 10;
  });
  labels.setNames(names);
  return { labels, measured };
}

describe('LabelFitter', () => {
  const name = 'std::vector<int>::push_back(int)';
  const { names, functions } = drawn(signalsFromStacks([{ process: 'sh', frames: [name] }]));
  const key = functions.name.indexOf(name);

  it.each([
    [400, name],
    [240, '…vector<…>::push_back'],
    [250, 'std::vector<…>::push_back'],
    [120, '…push_back'],
    [100, '…push_back'],
    [90, '…push_ba…'],
    [50, '…pus…'],
    [30, ''],
    [0, ''],
  ])('%d px: %s', (px, text) => expect(fitter(names).labels.fit(key, px)).toBe(text));

  it('measures each letter once', () => {
    const { labels, measured } = fitter(names);
    for (let px = 0; px < 400; px += 3) labels.fit(key, px);
    expect(measured.length).toBe(new Set(measured).size);
  });

  it('shows the new name of a process when it changes', () => {
    const { tables } = snapshotOf('sh;f 1');
    const { labels } = fitter(new Names(tables, functionTable(tables)));
    expect(labels.fit(0x80000001, 200)).toBe('sh (101)');
    const processes = tables.processes.map((process) => process && { ...process, comm: 'dash' });
    labels.setNames(new Names({ ...tables, processes }, functionTable(tables)));
    expect(labels.fit(0x80000001, 200)).toBe('dash (101)');
  });
});
