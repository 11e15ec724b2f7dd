/** Of a pixel: a path of whole numbers is made and read several times as quickly, and there is one in every row of a live table. */
const TENTHS = 10;
const WIDTH = 96 * TENTHS;
const HEIGHT = 16 * TENTHS;

/** A rate over time, from zero to its own highest. */
export function Sparkline({ rates, label }: { readonly rates: Float64Array; readonly label: string }) {
  return (
    <svg
      className="spark-line"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={outline(rates)} />
    </svg>
  );
}

/** Steps, one per column of time: a line between them would draw rates that nobody measured. In whole tenths of a pixel. */
function outline(rates: Float64Array): string {
  let most = 0;
  for (const rate of rates) if (rate > most) most = rate;
  if (rates.length === 0 || most === 0) return '';
  const step = WIDTH / rates.length;
  let path = `M0 ${HEIGHT}`;
  for (let i = 0; i < rates.length; i++) {
    const y = Math.round(HEIGHT - (rates[i]! / most) * (HEIGHT - TENTHS));
    path += `V${y}H${Math.round((i + 1) * step)}`;
  }
  return `${path}V${HEIGHT}Z`;
}
