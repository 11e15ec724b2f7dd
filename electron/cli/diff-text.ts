/** A comparison in words. */
import { SIGNIFICANT } from '../../remote-agent/protocol/statistics/index.ts';
import { bytesText, type Comparison, durationText, numberText } from '../export/index.ts';
import { cut, tableLines, type TextColumn } from './text-table.ts';

const FUNCTIONS = 20;
const CALLS = 15;
const FLOWS = 10;
const NAME_WIDTH = 60;
/** Names come last and are cut by themselves: a pipe has no width. */
const NO_LIMIT = Number.POSITIVE_INFINITY;

type Profile = NonNullable<Comparison['profile']>;
type FunctionDiff = Profile['functions'][number];
type CallDiff = NonNullable<Comparison['calls']>[number];
type FlowDiff = NonNullable<Comparison['flows']>['processes'][number];

const PER = {
  samples: 'share of the samples',
  time: 'share of one CPU',
  total: 'share of the chosen function',
} as const;

export function comparisonText({ before, after, notes, profile, calls, flows }: Comparison): string {
  return [
    sideLine('before', before),
    sideLine('after ', after),
    ...notes.flatMap(({ weight, what, means }) => [
      '',
      `${weight === 'hint' ? 'Note' : 'CAREFUL'}: ${what}`,
      `  ${means}`,
    ]),
    '',
    ...(profile
      ? [`Functions by change of self, ${PER[profile.basis.by]}`, ...functionLines(profile.functions)]
      : ['No CPU profile on both sides.']),
    ...(calls ? ['', 'System calls by shift of p99', ...callLines(calls)] : []),
    ...(flows ? ['', 'Network by process', ...flowLines(flows.processes)] : []),
    ...(flows ? ['', 'Network by remote address', ...flowLines(flows.remotes)] : []),
  ].join('\n');
}

function sideLine(name: string, { file, hostname, seconds, samples, resources }: Comparison['before']): string {
  const { cpuBusy, leastMemoryAvailableBytes: memory } = resources;
  return [
    `${name}  ${file}: ${hostname || '?'}, ${seconds.toFixed(1)} s`,
    `${samples} samples`,
    ...(cpuBusy === null ? [] : [`CPUs ${percent(cpuBusy)} busy`]),
    ...(memory === null ? [] : [`at least ${bytesText(memory)} of memory available`]),
  ].join(', ');
}

function functionLines(all: readonly FunctionDiff[]): string[] {
  const rows = all.filter(({ self, total }) => self.points !== 0 || total.points !== 0).slice(0, FUNCTIONS);
  if (rows.length === 0) return ['  nothing changed'];
  const heads = [...['before', 'after', 'change', 'of total', 'certain'].map(right), left('function')];
  const cells = rows.map(({ self, total, selfQ, name, module }) => [
    percent(self.before),
    percent(self.after),
    points(self.points),
    points(total.points),
    selfQ < SIGNIFICANT ? 'yes' : 'no',
    `${cut(name, NAME_WIDTH)}${module === '' || module.startsWith('[') ? '' : ` [${module}]`}`,
  ]);
  return [
    ...indented(heads, cells),
    '  Changes are in share points. Certain: unlikely to be chance (G-test, corrected for the number of functions).',
  ];
}

function callLines(rows: readonly CallDiff[]): string[] {
  const heads = [
    ...['p50', '', 'p99', '', 'p99', 'calls/s', '', 'errors', ''].map(right),
    left('call'),
    left('process'),
  ];
  const cells = rows
    .slice(0, CALLS)
    .map(({ call, comm, before, after, shift }) => [
      ...arrow(time(before.p50Ns), time(after.p50Ns)),
      ...arrow(time(before.p99Ns), time(after.p99Ns)),
      shift.p99 === null ? '' : `×${shift.p99.toFixed(2)}`,
      ...arrow(numberText(before.perSecond), numberText(after.perSecond)),
      ...arrow(String(before.errors), String(after.errors)),
      call,
      comm,
    ]);
  return [
    ...indented(heads, cells),
    '  Durations are right to within a power of two. No × where there are fewer than 100 calls on a side.',
  ];
}

function flowLines(rows: readonly FlowDiff[]): string[] {
  const rate = (value: number): string => `${bytesText(value)}/s`;
  const heads = [...['sent', '', 'received', '', 'retransmits', '', 'rtt', ''].map(right), left('whose')];
  const cells = rows
    .slice(0, FLOWS)
    .map(({ who, name, before, after }) => [
      ...arrow(rate(before.sentPerSecond), rate(after.sentPerSecond)),
      ...arrow(rate(before.receivedPerSecond), rate(after.receivedPerSecond)),
      ...arrow(percent(before.retransmitShare), percent(after.retransmitShare)),
      ...arrow(time(before.rttNs), time(after.rttNs)),
      name === '' ? who : `${who} ${cut(name, NAME_WIDTH)}`,
    ]);
  return indented(heads, cells);
}

function indented(heads: readonly TextColumn[], cells: readonly (readonly string[])[]): string[] {
  return tableLines(heads, cells, NO_LIMIT).map((line) => `  ${line}`);
}

/** Two columns, so that both sides stand below each other. */
function arrow(before: string, after: string): [string, string] {
  return [before, `→ ${after}`];
}

function left(head: string): TextColumn {
  return { head, align: 'left' };
}

function right(head: string): TextColumn {
  return { head, align: 'right' };
}

function time(ns: number | null): string {
  return ns === null ? '–' : durationText(ns);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function points(value: number): string {
  return `${value > 0 ? '+' : ''}${(value * 100).toFixed(2)}`;
}
