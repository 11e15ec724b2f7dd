/** The report as a file; what it looks like is tested in a browser: test/e2e/report.test.ts. */
import path from 'node:path';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { EVERYTHING, exportRecording } from '../../../electron/export/index.ts';
import type { Mark, Signal } from '../../../remote-agent/protocol/index.ts';
import { signalsFromCalls } from '../../fixtures/calls.ts';
import { networkSignals } from '../../fixtures/network.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { writeMarks } from '../../../electron/recording/index.ts';
import type { FlameNode } from '../../../electron/export/flame/flame-tree.ts';
import { flameColumns } from '../../../electron/export/report/flame-columns.ts';
import { record, temporaryFolder } from '../recording/helpers.ts';
import type { ReportData } from '../../../electron/export/report/report-data.ts';

async function reportOf(
  signals: readonly Signal[],
  marks: readonly Mark[] = [],
): Promise<{ html: string; data: ReportData }> {
  const recording = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(recording, signals);
  if (marks.length > 0) await writeMarks(recording, marks);
  let html = '';
  await exportRecording({
    recording,
    format: 'html',
    file: async (piece) => void (html += String(piece)),
    filter: EVERYTHING,
  });
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
  return { html, data: JSON.parse(json) as ReportData };
}

test('it holds the samples, what was on, what was lost and what it cost', async () => {
  const { data } = await reportOf(signalsFromStacks('nginx;main;loop 3\nsh;main 4 @1', { lost: { 'map-full': 7 } }));
  expect(data).toMatchObject({
    seconds: 2,
    startMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    summary: { device: { hostname: 'edge-box' }, samples: { kept: 7, lost: { 'map-full': 7 } } },
    probes: [
      { title: 'CPU profile', at: 0, what: expect.stringContaining('hz=99') },
      { what: 'stopped: asked to', at: 2 },
    ],
    tracks: [{ name: 'CPU load', unit: '%', from: [0, 1], value: [15, 15] }, { name: 'Lost events' }],
  });
  const { texts, name, samples, parent } = data.flame;
  expect(name.map((text, node) => [texts[text], parent[node], samples[node]])).toEqual([
    ['all', -1, 7],
    ['nginx (101)', 0, 3],
    ['main', 1, 3],
    ['loop', 2, 3],
    ['sh (102)', 0, 4],
    ['main', 4, 4],
  ]);
  expect(data.findings).toContain('7 samples were lost: the kernel table of counts was full.');
  expect(data.findings).toContain('sh (102) took 57 % of the CPU time that was sampled.');
});

test('system calls with their histograms, flows with their owners', async () => {
  const { data } = await reportOf(signalsFromCalls('sh read - 3 10\nsh read EAGAIN 5 2'));
  expect(data.calls).toMatchObject({
    leftOut: 0,
    rows: [{ call: 'read', who: expect.stringContaining('sh ('), count: 12, errors: 2, buckets: [3, 10, 5, 2] }],
  });
  const { data: network } = await reportOf(networkSignals());
  expect(network.flows.rows.map(({ who }) => who)).toContain('curl (102)');
  expect(network.summary.flows?.flows).toBe(network.flows.rows.filter(({ remote }) => remote !== 'all others').length);
});

test('marks of the recording, in its own time', async () => {
  const at = (second: number): number => 1000e9 + second * 1e9;
  const marks: readonly Mark[] = [
    { id: '1', fromNs: at(0.5), toNs: at(0.5), text: 'pump on', by: 'user' },
    { id: '2', fromNs: at(1), toNs: at(2), text: 'load', by: 'trigger' },
    { id: '3', fromNs: at(50), toNs: at(50), text: 'too late', by: 'user' },
  ];
  const { data } = await reportOf(signalsFromStacks('sh;main 4\nsh;main 4 @2'), marks);
  expect(data.marks).toEqual([
    { from: 0.5, to: 0.5, text: 'pump on', by: 'user' },
    { from: 1, to: 2, text: 'load', by: 'trigger' },
  ]);
});

test('nothing in the data can end the script or begin another', async () => {
  const hostile = '</script><script>alert(1)</script><!--';
  const { html, data } = await reportOf(
    signalsFromStacks([{ process: hostile, frames: [hostile, '\u202egnp.exe'], samples: 1 }], { hostname: hostile }),
  );
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(html).not.toContain('\u202e');
  expect(data.flame.texts).toEqual(expect.arrayContaining([hostile, '</script><scrip (101)', '\\u{202e}gnp.exe']));
});

test('its policy lets the script and style in it run, and nothing else', async () => {
  const { html } = await reportOf(signalsFromStacks('sh;main 4'));
  const hash = (text = '') => createHash('sha256').update(text).digest('base64');
  const [, script] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  const [, style] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
  expect(html).toContain(`default-src 'none'; script-src 'sha256-${hash(script)}'; style-src 'sha256-${hash(style)}'`);
  expect(html).not.toMatch(/(?:src|href)=/);
});

test('of a tree that has no room the widest boxes stay, none without what called it', () => {
  const leaf = (name: string, samples: number): FlameNode => {
    const children = new Map([
      [`${name}_callee`, { name: 'callee', file: '', kind: 'library', samples, children: new Map() }],
    ]);
    return { name, file: '/usr/bin/app', kind: 'application', samples, children } as FlameNode;
  };
  const children = new Map(Array.from({ length: 40_000 }, (_, at) => [`f${at}`, leaf(`f${at}`, 1 + (at % 100))]));
  const samples = [...children.values()].reduce((sum, child) => sum + child.samples, 0);
  const flame = flameColumns({ name: 'all', file: '', kind: 'process', samples, children });
  expect(flame.parent.length).toBeLessThanOrEqual(50_000);
  expect(flame.parent.length).toBeGreaterThan(40_000);
  expect(flame.parent.length + 2 * flame.leftOut).toBe(1 + 2 * children.size);
  expect(flame.parent.every((parent, node) => parent < node)).toBe(true);
  expect(JSON.stringify(flame).length).toBeLessThan(2 << 20);
});
