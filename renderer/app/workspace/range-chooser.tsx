import type { ReactNode } from 'react';
import { isFixed } from '../../store/index.ts';
import type { RangeNs, Selection } from '../../store/index.ts';
import type { AxisClock } from '../../views/axis/index.ts';
import { Button } from '../../widgets/button.tsx';
import { formatDuration } from '../../widgets/format.ts';
import { PauseIcon, PlayIcon } from '../../widgets/icons.tsx';
import { Segmented } from '../../widgets/segmented.tsx';

export interface RangeChooserProps {
  readonly range: Selection['range'];
  /** What the choice stands at: what is followed, or trails the playback. null = none of them. */
  readonly chosen: Selection['range'] | null;
  /** Every part of what is shown. */
  readonly ranges: readonly RangeNs[];
  readonly lastNs: number;
  /** Data still comes in: then a fixed range is a pause. */
  readonly growing: boolean;
  readonly clock: AxisClock;
  /** Finer data of what is selected is on its way. */
  readonly isLoading: boolean;
  readonly onChoose: (range: Selection['range']) => void;
  readonly onTogglePause: () => void;
  /** What plays a recording. */
  readonly children: ReactNode;
}

const CHOICES: readonly { readonly value: string; readonly text: string; readonly range: Selection['range'] }[] = [
  { value: '10', text: '10 s', range: { kind: 'last', seconds: 10 } },
  { value: '60', text: '1 min', range: { kind: 'last', seconds: 60 } },
  { value: '300', text: '5 min', range: { kind: 'last', seconds: 300 } },
  { value: 'all', text: 'All', range: { kind: 'all' } },
];

export function RangeChooser(props: RangeChooserProps) {
  const { range, chosen, ranges, lastNs, growing, clock, isLoading, onChoose, onTogglePause, children } = props;
  const fixed = isFixed(range);
  return (
    <div className="range-chooser">
      <div className="range-buttons">
        <Segmented
          label="Last"
          options={CHOICES}
          value={chosen?.kind === 'last' ? String(chosen.seconds) : chosen?.kind === 'all' ? 'all' : null}
          onChange={(value) => {
            const choice = CHOICES.find((option) => option.value === value);
            if (choice) onChoose(choice.range);
          }}
        />
        {growing ? (
          <Button
            aria-pressed={fixed}
            title={fixed ? 'Follow again (Space)' : 'Hold the picture (Space)'}
            onClick={onTogglePause}
          >
            {fixed ? <PlayIcon size={13} /> : <PauseIcon size={13} />}
            {fixed ? 'Resume' : 'Pause'}
          </Button>
        ) : (
          children
        )}
      </div>
      <p className="range-shown">{lastNs > 0 && <Shown {...{ ranges, clock }} />}</p>
      <p className="range-note" role="status">
        {isLoading
          ? 'Loading finer data…'
          : growing && fixed
            ? paused((lastNs - (ranges.at(-1)?.toNs ?? 0)) / 1e9)
            : ''}
      </p>
    </div>
  );
}

function Shown({ ranges, clock }: Pick<RangeChooserProps, 'ranges' | 'clock'>) {
  const [first] = ranges;
  const last = ranges.at(-1);
  if (!first || !last) return null;
  const seconds = ranges.reduce((sum, { fromNs, toNs }) => sum + (toNs - fromNs) / 1e9, 0);
  return (
    <>
      {clock.text(first.fromNs)} – {clock.text(last.toNs)}
      <span className="status-apart">
        {ranges.length > 1 && `${ranges.length} ranges, `}
        {formatDuration(seconds)}
      </span>
    </>
  );
}

function paused(behindS: number): string {
  return behindS >= 1 ? `Paused, ${formatDuration(behindS)} behind` : 'Paused';
}
