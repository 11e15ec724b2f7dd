/** A table whose heads sort and whose rows can be picked. As many rows are made as somebody reads. */
import { el } from './dom.ts';

const MOST_SHOWN = 200;

export interface ColumnOf<T> {
  readonly name: string;
  readonly text: (row: T) => string;
  /** By what it is sorted, largest first; without it by text. */
  readonly order?: (row: T) => number;
  readonly hint?: (row: T) => string;
}

export class Table<T> {
  readonly element = el('div', { class: 'scroll', tabindex: '0' });
  private readonly columns: readonly ColumnOf<T>[];
  private readonly onPick: ((row: T) => void) | null;
  private rows: readonly T[] = [];
  private by: ColumnOf<T>;
  private isReversed = false;
  private picked: T | null = null;

  constructor(columns: readonly [ColumnOf<T>, ...ColumnOf<T>[]], by: number, onPick: ((row: T) => void) | null) {
    this.columns = columns;
    this.by = columns[by] ?? columns[0];
    this.onPick = onPick;
  }

  show(rows: readonly T[]): void {
    this.rows = rows;
    this.draw();
  }

  private draw(): void {
    const sorted = this.rows.toSorted((a, b) => (this.isReversed ? -1 : 1) * this.compare(a, b));
    const shown = sorted.slice(0, MOST_SHOWN);
    const body = el('tbody', {}, ...shown.map((row) => this.row(row)));
    const rest = sorted.length - shown.length;
    this.element.replaceChildren(
      el('table', {}, el('thead', {}, el('tr', {}, ...this.columns.map((column) => this.head(column)))), body),
      rest > 0 ? el('p', { class: 'dim' }, `and ${rest} more: search, or sort by another column`) : '',
      sorted.length === 0 ? el('p', { class: 'dim' }, 'nothing here') : '',
    );
  }

  private head(column: ColumnOf<T>): HTMLElement {
    const isBy = column === this.by;
    const button = el('button', { type: 'button' }, column.name + (isBy ? (this.isReversed ? ' ▴' : ' ▾') : ''));
    button.addEventListener('click', () => {
      this.isReversed = isBy && !this.isReversed;
      this.by = column;
      this.draw();
    });
    const sort = isBy ? { 'aria-sort': this.isReversed ? 'ascending' : 'descending' } : {};
    return el('th', { scope: 'col', class: column.order ? 'number' : '', ...sort }, button);
  }

  private row(row: T): HTMLElement {
    const cells = this.columns.map((column, at) => {
      const text = column.text(row);
      const hint = column.hint ? { title: column.hint(row) } : {};
      // The first cell is a button where rows can be picked, so that keys can do it too.
      const content = at === 0 && this.onPick ? el('button', { type: 'button', class: 'pick' }, text) : text;
      return el('td', { class: column.order ? 'number' : '', ...hint }, content);
    });
    const line = el('tr', row === this.picked ? { class: 'picked' } : {}, ...cells);
    line.addEventListener('click', () => {
      if (!this.onPick) return;
      this.picked = row;
      for (const other of this.element.querySelectorAll('.picked')) other.classList.remove('picked');
      line.classList.add('picked');
      this.onPick(row);
    });
    return line;
  }

  private compare(a: T, b: T): number {
    const { order, text } = this.by;
    return order ? order(b) - order(a) : text(a).localeCompare(text(b));
  }
}
