const WIDTH_PX = 96;
const HEIGHT_PX = 16;

/** A rate over time, from zero to its own highest. */
export function Sparkline({ rates, label }: { readonly rates: Float64Array; readonly label: string }) {
  return (
    <svg
      className="spark-line"
      viewBox={`0 0 ${WIDTH_PX} ${HEIGHT_PX}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={outline(rates)} />
    </svg>
  );
}

/** Steps, one per column of time: a line between them would draw rates that nobody measured. */
function outline(rates: Float64Array): string {
  const most = rates.reduce((highest, rate) => Math.max(highest, rate), 0);
  if (rates.length === 0 || most === 0) return '';
  const stepPx = WIDTH_PX / rates.length;
  const parts = [`M0 ${HEIGHT_PX}`];
  for (const [i, rate] of rates.entries()) {
    const y = (HEIGHT_PX - (rate / most) * (HEIGHT_PX - 1)).toFixed(1);
    parts.push(`L${(i * stepPx).toFixed(1)} ${y}L${((i + 1) * stepPx).toFixed(1)} ${y}`);
  }
  return `${parts.join('')}L${WIDTH_PX} ${HEIGHT_PX}Z`;
}
