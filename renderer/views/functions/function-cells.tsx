import type { Names, SelfTotal } from '../../derive/index.ts';
import { formatCount, formatShare } from '../../widgets/format.ts';

export interface FunctionCellsProps {
  readonly id: number;
  readonly costs: SelfTotal;
  readonly names: Names;
  readonly isActive: boolean;
  readonly onSandwich: () => void;
  readonly onShowInGraph: () => void;
}

/** One function's row, as the columns of row-order.ts have it. */
export function FunctionCells({ id, costs, names, isActive, onSandwich, onShowInGraph }: FunctionCellsProps) {
  const kind = names.kind(id) ?? 'unknown';
  return (
    <>
      <Cost column="self" samples={costs.self[id] ?? 0} all={costs.all} />
      <Cost column="total" samples={costs.total[id] ?? 0} all={costs.all} />
      <div role="gridcell" className="functions-name">
        <span className="functions-swatch" data-kind={kind} />
        <span className="functions-text" title={names.name(id)}>
          {names.name(id)}
        </span>
        {isActive && (
          <span className="functions-actions">
            <button type="button" tabIndex={-1} onClick={onSandwich}>
              Callers and callees
            </button>
            <button type="button" tabIndex={-1} onClick={onShowInGraph}>
              Show in flame graph
            </button>
          </span>
        )}
      </div>
      <div role="gridcell" className="functions-module" title={names.modulePath(id)}>
        {names.module(id)}
      </div>
      <div role="gridcell" className="functions-kind">
        {kind}
      </div>
    </>
  );
}

function Cost({
  column,
  samples,
  all,
}: {
  readonly column: 'self' | 'total';
  readonly samples: number;
  readonly all: number;
}) {
  const share = all > 0 ? samples / all : 0;
  return (
    <div role="gridcell" className={`functions-${column} functions-cost`}>
      <span className="functions-bar-fill" style={{ width: `${share * 100}%` }} />
      <span className="functions-share">{formatShare(share)}</span>
      <span className="functions-samples">{formatCount(samples)}</span>
    </div>
  );
}
