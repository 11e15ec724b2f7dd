import type { FrameFacts } from '../../derive/index.ts';
import { type FactRow, originText } from './facts-text.ts';

/** One line below the picture: what is under the pointer, or selected. */
export function FactsLine({
  told,
}: {
  readonly told: { readonly facts: FrameFacts; readonly rows: readonly FactRow[] } | null;
}) {
  const { facts = null, rows = [] } = told ?? {};
  return (
    <p className="flame-facts" aria-hidden="true">
      {facts ? (
        <>
          {facts.kind && <span className="flame-swatch" data-kind={facts.kind} />}
          <b title={facts.name}>{facts.name}</b>
          <span className="flame-facts-origin">{originText(facts)}</span>
          {rows.map(([label, value]) => (
            <span key={label} className="flame-fact">
              <span className="flame-fact-label">{label}</span> {value}
            </span>
          ))}
        </>
      ) : (
        <span className="flame-facts-hint">Point at a frame, or press an arrow key. ? lists all keys.</span>
      )}
    </p>
  );
}
