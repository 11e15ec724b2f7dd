import type { Names } from './names.ts';
import type { SelfTotal } from './self-total.ts';

/** RFC 4180, in the given order of functions. */
export function functionsCsv(ids: readonly number[], costs: SelfTotal, names: Names): string {
  const rows = ids.map((id) =>
    csvLine([
      names.name(id),
      names.modulePath(id),
      names.kind(id) ?? '',
      costs.self[id] ?? 0,
      percent(costs.self[id] ?? 0, costs.all),
      costs.total[id] ?? 0,
      percent(costs.total[id] ?? 0, costs.all),
    ]),
  );
  return ['function,module,kind,self samples,self %,total samples,total %', ...rows, ''].join('\r\n');
}

function percent(part: number, all: number): string {
  return all > 0 ? ((part / all) * 100).toFixed(3) : '0';
}

export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map(cell).join(',');
}

/** A leading = + - @ would make a spreadsheet run a name from the device as a formula. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
