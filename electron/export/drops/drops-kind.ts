/** Dropped packets as a table. */
import { DROP_PLACES, type DropPlace } from '../../../remote-agent/protocol/index.ts';
import { cellsOf, type Column } from '../rows/column.ts';
import { totalSource, windowSource } from '../rows/sources.ts';
import { piecesOf, type RowPieces, type TableKind } from '../rows/table-kind.ts';
import { type Drop, DropCollector, DROPS_PROBE, DropTable } from './collect-drops.ts';

export const DROP_COLUMNS: readonly Column<Drop>[] = [
  {
    name: 'place',
    isText: true,
    help: 'what counted them: kernel, interface or protocol',
    cell: ({ place }) => placeName(place),
  },
  {
    name: 'cause',
    isText: true,
    help: 'reason or counter, by the name that the kernel gives it',
    cell: ({ cause }) => cause,
  },
  { name: 'packets', unit: 'packets', help: 'packets that were dropped', cell: ({ packets }) => packets },
];

export const dropsKind: TableKind = {
  probe: DROPS_PROBE,
  format: 'sonde-drops',
  suffix: 'drops',
  tables: [{ name: 'drops', help: 'a row per place and cause', columns: DROP_COLUMNS }],
  hasWindows: true,
  isOfDevice: true,
  open(batches, options) {
    const { filter, perWindow } = options;
    const counts = { packets: 0, rows: 0 };
    const rowsOf = (drops: readonly Drop[]): RowPieces[] => {
      for (const { packets } of drops) counts.packets += packets;
      counts.rows += drops.length;
      return [piecesOf(drops, cells)];
    };
    if (!perWindow)
      return totalSource(
        batches(),
        options,
        () => new DropCollector(filter),
        counts,
        ({ drops }) => rowsOf(drops),
      );
    return windowSource(batches(), options, DROPS_PROBE, counts, (window) => {
      const table = new DropTable();
      table.take(window);
      return rowsOf(table.drops);
    });
  },
};

const cells = cellsOf(DROP_COLUMNS);

/** "kernel" */
export function placeName(place: number): string {
  return DROP_PLACES[place as DropPlace]?.title.toLowerCase() ?? String(place);
}
