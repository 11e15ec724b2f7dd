/** Writes the columns of a row into a window, by layout alone. */
import type { ColumnType, WindowSum } from '../../protocol/index.ts';
import type { RowColumn, RowLayout } from './row-layout.ts';
import type { RowRun } from './row-run.ts';

/** Where the value of a column comes from. */
const FROM = { thread: 0, stack: 1, word: 2, twoWords: 3, time: 4, bytes: 5, file: 6, flow: 7 } as const;

interface Cell {
  readonly from: (typeof FROM)[keyof typeof FROM];
  /** Within the row: in words, of bytes in bytes. */
  readonly at: number;
  readonly size: number;
  readonly isText: boolean;
}

/** What a row is about, by the run's dictionaries; 0 or no bytes = nothing. */
export interface Named {
  thread: number;
  stack: number;
  flow: number;
  file: Uint8Array;
}

export class Cells {
  private readonly cells: readonly Cell[];

  constructor(layout: RowLayout) {
    this.cells = layout.columns.map(cellOf);
  }

  /** `at`: word with which the row begins. */
  write(window: WindowSum, run: RowRun, at: number, { thread, stack, flow, file }: Named): void {
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
      else if (cell.from === FROM.flow) column[row] = flow;
      else if (cell.from === FROM.time) column[row] = run.time(at + cell.at);
      else if (cell.from === FROM.file) (columns[i] as Uint8Array[])[row] = file;
      else (columns[i] as Uint8Array[])[row] = run.trimmed(at * 4 + cell.at, cell.size, cell.isText);
    }
    window.commit();
  }
}

function cellOf({ spec: { type }, offset, size, isText }: RowColumn): Cell {
  const from = sourceOf(type, size);
  return { from, at: from === FROM.bytes ? offset : offset / 4, size, isText };
}

function sourceOf(type: ColumnType, size: number): Cell['from'] {
  switch (type) {
    case 'thread':
    case 'stack':
    case 'time':
    case 'file':
    case 'flow':
      return FROM[type];
    case 'blob':
      return FROM.bytes;
    default:
      return size === 8 ? FROM.twoWords : FROM.word;
  }
}
