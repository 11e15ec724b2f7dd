import type { Coverage } from '../../derive/index.ts';
import { formatDuration, formatShare } from '../../widgets/format.ts';
import { WarningIcon } from '../../widgets/icons.tsx';
import { samplesText } from './facts-text.ts';

/** How much the picture is made of, and what is missing from it. */
export function CoverageNote({ samples, coverage }: { readonly samples: number; readonly coverage: Coverage }) {
  const { lost, kept, lostByCause, seconds } = coverage;
  return (
    <p className="flame-coverage">
      {samplesText(samples)} in {formatDuration(seconds)}
      {lost > 0 && (
        <span className="flame-lost" title={lostByCause.map(({ cause, count }) => `${cause}: ${count}`).join('\n')}>
          <WarningIcon size={12} /> {formatShare(lost / (lost + kept))} lost
        </span>
      )}
    </p>
  );
}
