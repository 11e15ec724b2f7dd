/** Network flows as a table: totals of each, or what each did window by window. */
import { About } from '../about.ts';
import { ByFlow } from '../by-flow.ts';
import { isWanted } from '../filter.ts';
import { cellsOf } from '../rows/column.ts';
import { streamSource, windowSource } from '../rows/sources.ts';
import { piecesOf, type TableKind, type TableOptions } from '../rows/table-kind.ts';
import type { Batches } from '../batches.ts';
import { FLOW_COLUMNS, flowRow } from './flow-columns.ts';
import { FlowStream, flowSums } from './flow-stream.ts';
import { type FlowSum, FLOWS_PROBE } from './flow-sum.ts';

export const flowsKind: TableKind = {
  probe: FLOWS_PROBE,
  format: 'sonde-flows',
  suffix: 'flows',
  tables: [{ name: 'flows', help: 'a row per flow, in the order in which they ended', columns: FLOW_COLUMNS }],
  hasWindows: true,
  open: (batches, options) => (options.perWindow ? perWindow(batches(), options) : totals(batches(), options)),
};

const cells = cellsOf(FLOW_COLUMNS);

function totals(batches: Batches, options: TableOptions) {
  const about = new About();
  const stream = new FlowStream(about, options.filter, options.includeOwn);
  return streamSource(batches, options, about, {
    stream,
    cells: (sum) => cells(flowRow(sum, about)),
    unit: 'flows',
    more: () => {
      const { flows, sentBytes, receivedBytes } = stream.own;
      return { own: { flows, sent_bytes: sentBytes, received_bytes: receivedBytes } };
    },
  });
}

function perWindow(batches: Batches, options: TableOptions) {
  const { filter, includeOwn } = options;
  const counts = { rows: 0 };
  return windowSource(batches, options, FLOWS_PROBE, counts, (window, about) => {
    const isShown = ({ isOwn, thread }: FlowSum): boolean =>
      (includeOwn || !isOwn) && isWanted(about.tables, thread, filter);
    const rows = [...flowSums(window, about, new ByFlow())].filter(isShown);
    counts.rows += rows.length;
    return [piecesOf(rows, (sum) => cells(flowRow(sum, about)))];
  });
}
