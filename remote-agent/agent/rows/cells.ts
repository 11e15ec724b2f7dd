/** Writes the columns of a row into a window, by layout alone. */
import { COLUMN_FIELD, type WindowSum } from '../../protocol/index.ts';
import type { RowColumn, RowLayout } from './row-layout.ts';
import type { RowRun } from './row-run.ts';

/** Where the value of a column comes from. */
const FROM = { thread: 0, stack: 1, word: 2, twoWords: 3, bytes: 4 } as const;

interface Cell {
  readonly from: (typeof FROM)[keyof typeof FROM];
  /** Within the row: in words, of bytes in bytes. */
  readonly at: number;
  readonly size: number;
}

export class Cells {
  private readonly cells: readonly Cell[];

  constructor(layout: RowLayout) {
    this.cells = layout.columns.map(cellOf);
  }

  /** `at`: word with which the row begins. */
  write(window: WindowSum, run: RowRun, at: number, thread: number, stack: number): void {
    const row = window.nextRow();
    const { cells } = this;
    const { columns } = window;
    const { words } = run;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as Cell;
      const column = columns[i] as Uint32Array;
      if (cell.from === FROM.word) column[row] = words[at + cell.at] as number;
      else if (cell.from === FROM.twoWords) column[row] = run.u64(at + cell.at);
      else if (cell.from === FROM.thread) column[row] = thread;
      else if (cell.from === FROM.stack) column[row] = stack;
      else (columns[i] as Uint8Array[])[row] = run.bytes.slice(at * 4 + cell.at, at * 4 + cell.at + cell.size);
    }
    window.commit();
  }
}

function cellOf({ spec: { type }, offset, size }: RowColumn): Cell {
  if (COLUMN_FIELD[type] === 'blob') return { from: FROM.bytes, at: offset, size };
  const from = type === 'thread' ? FROM.thread : type === 'stack' ? FROM.stack : size === 8 ? FROM.twoWords : FROM.word;
  return { from, at: offset / 4, size };
}
