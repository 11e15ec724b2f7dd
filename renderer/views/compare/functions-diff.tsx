import { useMemo, useState } from 'react';
import { SIGNIFICANT, stepOf } from '../../../remote-agent/protocol/statistics/index.ts';
import { type CostKind, type FunctionDiff, functionDiffsCsv } from '../../derive/compare/index.ts';
import { formatCount, formatShare } from '../../widgets/format.ts';
import { Segmented } from '../../widgets/segmented.tsx';
import { type DiffColumn, DiffTable } from './diff-table.tsx';
import { Shift } from './pair-cell.tsx';
import type { ProfileComparison } from './use-comparison.ts';
import { chanceText, PER, pointsText, ratioText } from './words.ts';

export interface FunctionsDiffProps {
  readonly profile: ProfileComparison;
  /** null = no search. */
  readonly isMatch: ((id: number) => boolean) | null;
  readonly onShowInGraph: (id: number) => void;
  readonly copyText: (text: string, what: string) => void;
}

interface Row extends FunctionDiff {
  readonly id: number;
  readonly name: string;
  readonly module: string;
  readonly path: string;
}

const KINDS = [
  { value: 'self', text: 'Self' },
  { value: 'total', text: 'Total' },
] as const;

const COLUMNS: readonly DiffColumn<Row>[] = [
  {
    id: 'n-change',
    title: 'Change',
    help: 'After − before, in share points; sorted by its size',
    width: '112px',
    order: ({ change }) => Math.abs(change.points),
    cell: ({ change, q }) => (
      <Shift step={q < SIGNIFICANT ? stepOf(change.ratio) : 0} text={pointsText(change.points)} />
    ),
  },
  {
    id: 'n-before',
    title: 'Before',
    width: '88px',
    order: ({ change }) => change.before,
    cell: ({ change }) => formatShare(change.before),
  },
  {
    id: 'n-after',
    title: 'After',
    width: '88px',
    order: ({ change }) => change.after,
    cell: ({ change }) => formatShare(change.after),
  },
  {
    id: 'n-ratio',
    title: 'Ratio',
    help: 'After as a multiple of before',
    width: '78px',
    order: ({ change }) => change.ratio,
    cell: ({ change }) => ratioText(change.ratio),
  },
  {
    id: 'n-chance',
    title: 'Chance',
    help: 'q of the G-test, corrected for the number of functions (Benjamini–Hochberg). Samples of one thread are not independent: a repeated run says more.',
    width: '104px',
    order: ({ q }) => -q,
    cell: ({ q }) => (q < SIGNIFICANT ? (q < 1e-6 ? 'q < 1e-6' : `q ${q.toPrecision(1)}`) : 'maybe'),
    full: ({ q }) => chanceText(q),
  },
  {
    id: 't-name',
    title: 'Function',
    width: 'minmax(0, 1fr)',
    order: ({ name }) => name,
    cell: ({ name }) => name,
    full: ({ name }) => name,
  },
  {
    id: 't-module',
    title: 'Module',
    width: 'minmax(0, 22%)',
    order: ({ module }) => module,
    cell: ({ module }) => <span className="grid-dim">{module}</span>,
    full: ({ path }) => path,
  },
];

/** Every function of both sides: what it cost before and after. Also the differential flame graph in words. */
export function FunctionsDiff({ profile, isMatch, onShowInGraph, copyText }: FunctionsDiffProps) {
  const { merged, costs, basis } = profile;
  const [kind, setKind] = useState<CostKind>('self');
  const [active, setActive] = useState<number | null>(null);
  const rows = useMemo(() => rowsOf(profile, kind, isMatch), [profile, kind, isMatch]);
  const certain = rows.filter(({ q }) => q < SIGNIFICANT).length;
  const copy = () =>
    copyText(
      functionDiffsCsv(
        rows.map(({ id }) => id),
        costs,
        profile.self,
        profile.total,
        merged.names,
      ),
      'Copied',
    );
  return (
    <div className="compare-pane">
      <div className="compare-bar">
        <Segmented label="Cost" options={KINDS} value={kind} onChange={setKind} />
        <span role="status">
          {formatCount(rows.length)} functions, {formatCount(certain)} hardly by chance
        </span>
        <span className="compare-hint">Shares {PER[basis.by]} · Enter: show in flame graph · C: copy name</span>
        <button type="button" className="button button-plain" onClick={copy}>
          Copy as CSV
        </button>
      </div>
      <DiffTable
        label="Functions by change"
        rows={rows}
        columns={COLUMNS}
        first={{ column: 'n-change', direction: 'descending' }}
        active={rows.find(({ id }) => id === active) ?? null}
        onActive={({ id }) => setActive(id)}
        onOpen={({ id }) => onShowInGraph(id)}
        onKey={({ key, altKey, ctrlKey }, row) => {
          if (row && key === 'c' && !altKey && !ctrlKey) copyText(row.name, 'Name copied');
        }}
      />
    </div>
  );
}

function rowsOf(profile: ProfileComparison, kind: CostKind, isMatch: ((id: number) => boolean) | null): Row[] {
  const { names } = profile.merged;
  return [...profile[kind]]
    .filter(([id, { change }]) => (isMatch?.(id) ?? true) && change.before + change.after > 0)
    .map(([id, diff]) => ({
      ...diff,
      id,
      name: names.name(id),
      module: names.module(id),
      path: names.modulePath(id),
    }));
}
