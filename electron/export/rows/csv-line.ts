/** Comma-separated values, RFC 4180, with line feeds: the door for text from a device on its way into a spreadsheet. */
import type { Cell } from './column.ts';

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

/** A leading = + - @ would make a spreadsheet run a name from the device as a formula: it gets a ' in front. */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
