/** `value` 0..1; null where it cannot be known. */
export function ProgressBar({ value, label }: { readonly value: number | null; readonly label: string }) {
  const known = value === null ? {} : { 'aria-valuenow': Math.round(value * 100) };
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} {...known}>
      <div
        className={value === null ? 'progress-fill progress-unknown' : 'progress-fill'}
        style={value === null ? {} : { width: `${value * 100}%` }}
      />
    </div>
  );
}
