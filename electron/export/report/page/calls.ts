/** System calls: a row per process and call, and how long the picked ones took. */
import { durationText, countText } from '../../summary/summary-words.ts';
import type { CallLine, ReportTable } from '../report-data.ts';
import type { Choice } from './choice.ts';
import { el, searchBox, section } from './dom.ts';
import { Table } from './table.ts';

export function callsSection(calls: ReportTable<CallLine>, choice: Choice): HTMLElement | null {
  if (calls.rows.length === 0) return null;
  let wanted = '';
  const histogram = el('div', { class: 'histogram', 'aria-live': 'polite' });
  const table = new Table<CallLine>(
    [
      { name: 'Call', text: ({ call }) => call },
      { name: 'Process', text: ({ who }) => who },
      { name: 'Count', text: ({ count }) => countText(count), order: ({ count }) => count },
      { name: 'Errors', text: ({ errors }) => countText(errors), order: ({ errors }) => errors },
      { name: 'Total', text: ({ totalNs }) => durationText(totalNs), order: ({ totalNs }) => totalNs },
      { name: 'Mean', text: (row) => durationText(meanNs(row)), order: meanNs },
      { name: 'Longest', text: ({ maxNs }) => durationText(maxNs), order: ({ maxNs }) => maxNs },
    ],
    2,
    (row) => histogram.replaceChildren(...histogramOf(`${row.call} of ${row.who}`, [row])),
  );
  const show = (): void => {
    const rows = calls.rows.filter(
      ({ call, who }) =>
        choice.holds(who) && (call.toLowerCase().includes(wanted) || who.toLowerCase().includes(wanted)),
    );
    table.show(rows);
    histogram.replaceChildren(...histogramOf('All calls below', rows));
  };
  const search = searchBox('Search calls and processes', (text) => {
    wanted = text;
    show();
  });
  choice.onChange(show);
  show();
  const left =
    calls.leftOut > 0 ? el('p', { class: 'dim' }, `${calls.leftOut} rows with the fewest calls are left out.`) : '';
  return section('System calls', el('div', { class: 'bar' }, search), histogram, table.element, left);
}

function meanNs({ totalNs, count }: CallLine): number {
  return count === 0 ? 0 : totalNs / count;
}

/** A bar per power of two of the duration. */
function histogramOf(title: string, rows: readonly CallLine[]): HTMLElement[] {
  const counts = new Map<number, number>();
  for (const { buckets } of rows)
    for (let at = 0; at < buckets.length; at += 2) {
      const bucket = buckets[at] ?? 0;
      counts.set(bucket, (counts.get(bucket) ?? 0) + (buckets[at + 1] ?? 0));
    }
  const used = [...counts.keys()];
  if (used.length === 0) return [el('p', { class: 'dim' }, `${title}: no durations are known.`)];
  const [first, last] = [Math.min(...used), Math.max(...used)];
  const most = Math.max(...counts.values());
  const bars: HTMLElement[] = [];
  for (let bucket = first; bucket <= last; bucket++) {
    const count = counts.get(bucket) ?? 0;
    const words = `${durationText(bucket === 0 ? 0 : 2 ** bucket)} to ${durationText(2 ** (bucket + 1))}: ${countText(count)} calls`;
    const bar = el('i', {});
    bar.style.height = `${count === 0 ? 0 : Math.max(2, (100 * count) / most)}%`;
    bars.push(
      el(
        'div',
        { class: 'column', title: words },
        el('div', { class: 'room' }, bar),
        el('span', {}, durationText(2 ** bucket)),
      ),
    );
  }
  const words = `${title}: how long they took, a bar per doubling`;
  return [el('p', {}, words), el('div', { class: 'columns', role: 'img', 'aria-label': words }, ...bars)];
}
