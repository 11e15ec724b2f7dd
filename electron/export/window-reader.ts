/** A window's cells by the names that its probe's manifest gives the columns. */
import { findProbe, type WindowSignal } from '../../remote-agent/protocol/index.ts';

const NO_BYTES = new Uint8Array(0);

export class WindowReader {
  private readonly columns: WindowSignal['columns'];
  private readonly places: ReadonlyMap<string, number>;

  constructor({ probe, columns }: WindowSignal) {
    this.columns = columns;
    this.places = new Map(findProbe(probe)?.columns.map(({ name }, place) => [name, place]));
  }

  number(column: string, row: number): number {
    return Number(this.columns[this.places.get(column) ?? -1]?.[row] ?? 0);
  }

  bytes(column: string, row: number): Uint8Array {
    return (this.columns[this.places.get(column) ?? -1]?.[row] as Uint8Array | undefined) ?? NO_BYTES;
  }
}
