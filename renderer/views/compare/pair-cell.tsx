/** Before and after of one number, side by side. */
export function Pair({ before, after }: { readonly before: string; readonly after: string }) {
  return (
    <span className="compare-pair">
      <span className="compare-before">{before}</span>
      <span className="compare-arrow">→</span>
      <span className="compare-after">{after}</span>
    </span>
  );
}

/** A multiple with its colour; the sign says the same to those who see none. */
export function Shift({ step, text }: { readonly step: number; readonly text: string }) {
  return (
    <span className="compare-shift" data-step={step}>
      {text}
    </span>
  );
}
