import type { Names, SelfTotal } from '../../derive/index.ts';
import { formatCount, formatShare } from '../../widgets/format.ts';

export interface FunctionRowProps {
  readonly id: number;
  readonly domId: string;
  /** From 0, without the header. */
  readonly index: number;
  readonly topPx: number;
  readonly costs: SelfTotal;
  readonly names: Names;
  readonly isActive: boolean;
  readonly onSelect: () => void;
  readonly onSandwich: () => void;
  readonly onShowInGraph: () => void;
}

export function FunctionRow(props: FunctionRowProps) {
  const { id, costs, names, isActive } = props;
  const kind = names.kind(id) ?? 'unknown';
  return (
    <div
      role="row"
      id={props.domId}
      aria-rowindex={props.index + 2}
      aria-selected={isActive}
      className={isActive ? 'functions-row functions-active' : 'functions-row'}
      style={{ transform: `translateY(${props.topPx}px)` }}
      onClick={props.onSelect}
      onDoubleClick={props.onSandwich}
    >
      <Cost column="self" samples={costs.self[id] ?? 0} all={costs.all} />
      <Cost column="total" samples={costs.total[id] ?? 0} all={costs.all} />
      <div role="gridcell" className="functions-name">
        <span className="functions-swatch" data-kind={kind} />
        <span className="functions-text" title={names.name(id)}>
          {names.name(id)}
        </span>
        {isActive && (
          <span className="functions-actions">
            <button type="button" tabIndex={-1} onClick={props.onSandwich}>
              Callers and callees
            </button>
            <button type="button" tabIndex={-1} onClick={props.onShowInGraph}>
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
    </div>
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
