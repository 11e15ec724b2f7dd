/** DNS as a table, a question and its answer in a row. */
import { About } from '../about.ts';
import { cellsOf } from '../rows/column.ts';
import { streamSource } from '../rows/sources.ts';
import type { TableKind } from '../rows/table-kind.ts';
import { DNS_PROBE } from './dns-book.ts';
import { dnsCells, DNS_COLUMNS } from './dns-columns.ts';
import { DnsStream } from './dns-stream.ts';

export const dnsKind: TableKind = {
  probe: DNS_PROBE,
  format: 'sonde-dns',
  suffix: 'dns',
  tables: [{ name: 'dns', help: 'a row per question that was asked over DNS, with its answer', columns: DNS_COLUMNS }],
  hasWindows: false,
  open(batches, options) {
    const about = new About();
    const stream = new DnsStream(about, options.filter);
    return streamSource(batches(), options, about, {
      stream,
      cells: (row) => cells(dnsCells(row, about)),
      unit: 'questions',
    });
  },
};

const cells = cellsOf(DNS_COLUMNS);
