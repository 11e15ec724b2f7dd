import type { Coverage } from '../../derive/index.ts';
import type { RangeNs } from '../../store/index.ts';
import { formatCount, formatDuration, formatRate, formatShare } from '../../widgets/format.ts';
import { WarningIcon } from '../../widgets/icons.tsx';

export interface CoverageNoteProps {
  /** Calls in the table. */
  readonly shown: number;
  readonly coverage: Coverage;
  readonly forgottenBeforeNs: number;
  readonly range: RangeNs;
}

/** How much the table is made of, and what is missing from it. */
export function CoverageNote({ shown, coverage, forgottenBeforeNs, range }: CoverageNoteProps) {
  const { lost, kept, lostByCause, seconds } = coverage;
  return (
    <p className="calls-coverage">
      {formatCount(shown)} {shown === 1 ? 'call' : 'calls'} in {formatDuration(seconds)}
      {seconds > 0 && <span>{formatRate(shown / seconds)}/s</span>}
      {lost > 0 && (
        <span className="calls-lost" title={lostByCause.map(({ cause, count }) => `${cause}: ${count}`).join('\n')}>
          <WarningIcon size={12} /> {formatShare(lost / (lost + kept))} lost
        </span>
      )}
      {range.fromNs < forgottenBeforeNs && (
        <span title="Older calls are in the recording; the window keeps the newest 64 MB of them">oldest not kept</span>
      )}
    </p>
  );
}
