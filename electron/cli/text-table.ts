/** A table of plain text: numbers flush right, words flush left, the last column as wide as there is room. */

export interface TextColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/** The head first; no line is longer than `width`. */
export function tableLines(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const all = [columns.map(({ head }) => head), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((cells) => [...(cells[i] ?? '')].length)));
  return all.map((cells) =>
    cut(
      columns
        .map(({ align }, i) => {
          const room = widths[i] ?? 0;
          const cell = cells[i] ?? '';
          return align === 'right' ? cell.padStart(room) : cell.padEnd(room);
        })
        .join(GAP)
        .trimEnd(),
      width,
    ),
  );
}

export function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
