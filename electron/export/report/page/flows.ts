/** Network flows: who talked with whom, how much, and how well. */
import { bytesText, durationText, countText } from '../../summary/summary-words.ts';
import type { FlowLine, ReportTable } from '../report-data.ts';
import type { Choice } from './choice.ts';
import { el, searchBox, section } from './dom.ts';
import { Table } from './table.ts';

export function flowsSection(flows: ReportTable<FlowLine>, choice: Choice): HTMLElement | null {
  if (flows.rows.length === 0) return null;
  let wanted = '';
  const total = el('p', { class: 'words', 'aria-live': 'polite' });
  const table = new Table<FlowLine>(
    [
      { name: 'Process', text: ({ who }) => who },
      { name: 'Protocol', text: ({ protocol, direction }) => `${protocol} ${direction}` },
      { name: 'Local', text: ({ local }) => local },
      { name: 'Remote', text: ({ remote, remoteName }) => (remoteName === '' ? remote : `${remoteName} (${remote})`) },
      { name: 'State', text: ({ state, errno }) => errno || state },
      { name: 'Sent', text: ({ sent }) => bytesText(sent), order: ({ sent }) => sent },
      { name: 'Received', text: ({ received }) => bytesText(received), order: ({ received }) => received },
      {
        name: 'Sent again',
        text: ({ retransmits }) => countText(retransmits),
        order: ({ retransmits }) => retransmits,
      },
      {
        name: 'Round trip',
        text: ({ rttNs }) => (rttNs === 0 ? '' : durationText(rttNs)),
        order: ({ rttNs }) => rttNs,
      },
    ],
    5,
    null,
  );
  const show = (): void => {
    const rows = flows.rows.filter((row) => choice.holds(row.who) && textOf(row).includes(wanted));
    const sum = (value: (row: FlowLine) => number): number => rows.reduce((all, row) => all + value(row), 0);
    const [sent, received] = [sum((row) => row.sent), sum((row) => row.received)];
    total.textContent = `${countText(rows.length)} flows, ${bytesText(sent)} sent, ${bytesText(received)} received, ${countText(sum((row) => row.retransmits))} packets sent again`;
    table.show(rows);
  };
  const search = searchBox('Search processes, addresses, names', (text) => {
    wanted = text;
    show();
  });
  choice.onChange(show);
  show();
  const left =
    flows.leftOut > 0 ? el('p', { class: 'dim' }, `${flows.leftOut} flows that carried least are left out.`) : '';
  return section('Network flows', el('div', { class: 'bar' }, search), total, table.element, left);
}

function textOf({ who, protocol, direction, local, remote, remoteName, state, errno }: FlowLine): string {
  return [who, protocol, direction, local, remote, remoteName, state, errno].join(' ').toLowerCase();
}
