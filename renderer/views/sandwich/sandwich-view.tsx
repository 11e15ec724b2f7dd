import type { ReactNode } from 'react';
import type { CallTree, Names, Sandwich } from '../../derive/index.ts';
import { formatCount, formatShare } from '../../widgets/format.ts';
import './sandwich.css';

/** Of the flame graph. */
const ROW_PX = 20;
const BORDERS_PX = 2;
/** Room for the word at its side. */
const CALLERS_MIN_PX = 62;

/** One of the two pictures: how it is to be drawn. */
export interface SandwichPart {
  readonly side: 'callers' | 'callees';
  readonly tree: CallTree;
  /** Callers are drawn upwards from the function, callees downwards. */
  readonly rootOnTop: boolean;
  readonly label: string;
}

export interface SandwichViewProps {
  /** Where the function is chosen. */
  readonly picker: ReactNode;
  readonly names: Names;
  /** null: none is chosen, or it has no samples in the selection. */
  readonly chosen: {
    readonly id: number;
    readonly parts: Sandwich;
    readonly self: number;
    readonly all: number;
  } | null;
  readonly emptyText: string;
  /** Draws a part with the flame graph: views do not know each other. */
  readonly renderPicture: (part: SandwichPart) => ReactNode;
}

/** One function between its callers and its callees. */
export function SandwichView({ picker, names, chosen, emptyText, renderPicture }: SandwichViewProps) {
  if (!chosen || chosen.parts.callees.total[0] === 0) {
    return (
      <div className="sandwich">
        <div className="sandwich-bar">{picker}</div>
        <p className="sandwich-empty" role="status">
          {emptyText}
        </p>
      </div>
    );
  }
  const { id, parts, self, all } = chosen;
  const total = parts.callees.total[0] ?? 0;
  const name = names.name(id);
  // As high as the callers are deep, and never so high that the callees have less than half.
  const callersPx = Math.max(CALLERS_MIN_PX, parts.callers.height * ROW_PX + BORDERS_PX);
  return (
    <div className="sandwich" style={{ gridTemplateRows: `auto minmax(0, min(48%, ${callersPx}px)) minmax(0, 1fr)` }}>
      <div className="sandwich-bar">
        {picker}
        <span className="sandwich-fact">
          Total <b>{formatShare(total / all)}</b> {formatCount(total)}
        </span>
        <span className="sandwich-fact">
          Self <b>{formatShare(self / all)}</b> {formatCount(self)}
        </span>
        <span className="sandwich-module" title={names.modulePath(id)}>
          {names.module(id)}
        </span>
      </div>
      <section className="sandwich-part" aria-label="Callers">
        <h3>Callers</h3>
        {renderPicture({ side: 'callers', tree: parts.callers, rootOnTop: false, label: `Callers of ${name}` })}
      </section>
      <section className="sandwich-part" aria-label="Callees">
        <h3>Callees</h3>
        {renderPicture({ side: 'callees', tree: parts.callees, rootOnTop: true, label: `Callees of ${name}` })}
      </section>
    </div>
  );
}
