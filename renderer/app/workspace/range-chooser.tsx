import type { RangeNs, Selection } from '../../store/index.ts';
import { Button } from '../../widgets/button.tsx';
import { formatDeviceTime, formatDuration } from '../../widgets/format.ts';
import { PauseIcon, PlayIcon } from '../../widgets/icons.tsx';
import { Segmented } from '../../widgets/segmented.tsx';

export interface RangeChooserProps {
  readonly range: Selection['range'];
  readonly shown: RangeNs;
  readonly lastNs: number;
  /** Data still comes in: then a fixed range is a pause. */
  readonly growing: boolean;
  readonly wallOffsetMs: number | null;
  readonly onChoose: (range: Selection['range']) => void;
  readonly onTogglePause: () => void;
}

const CHOICES: readonly { readonly value: string; readonly text: string; readonly range: Selection['range'] }[] = [
  { value: '10', text: '10 s', range: { kind: 'last', seconds: 10 } },
  { value: '60', text: '1 min', range: { kind: 'last', seconds: 60 } },
  { value: '300', text: '5 min', range: { kind: 'last', seconds: 300 } },
  { value: 'all', text: 'All', range: { kind: 'all' } },
];

export function RangeChooser({
  range,
  shown,
  lastNs,
  growing,
  wallOffsetMs,
  onChoose,
  onTogglePause,
}: RangeChooserProps) {
  const value = range.kind === 'last' ? String(range.seconds) : range.kind === 'all' ? 'all' : null;
  const fixed = range.kind === 'between';
  const behindS = (lastNs - shown.toNs) / 1e9;
  return (
    <div className="range-chooser">
      <div className={growing ? 'range-buttons range-buttons-growing' : 'range-buttons'}>
        <Segmented
          label="Last"
          options={CHOICES}
          value={value}
          onChange={(chosen) => {
            const choice = CHOICES.find((option) => option.value === chosen);
            if (choice) onChoose(choice.range);
          }}
        />
        {growing && (
          <Button
            aria-pressed={fixed}
            title={fixed ? 'Follow again (Space)' : 'Hold the picture (Space)'}
            onClick={onTogglePause}
          >
            {fixed ? <PlayIcon size={13} /> : <PauseIcon size={13} />}
            {fixed ? 'Resume' : 'Pause'}
          </Button>
        )}
      </div>
      <p className="range-shown">
        {lastNs > 0 && (
          <>
            {formatDeviceTime(shown.fromNs, wallOffsetMs)} – {formatDeviceTime(shown.toNs, wallOffsetMs)}
            <span className="status-apart">{formatDuration((shown.toNs - shown.fromNs) / 1e9)}</span>
          </>
        )}
      </p>
      <p className="range-note">{note(fixed, growing, behindS)}</p>
    </div>
  );
}

function note(fixed: boolean, growing: boolean, behindS: number): string {
  if (!fixed || !growing) return '';
  return behindS >= 1 ? `Paused, ${formatDuration(behindS)} behind` : 'Paused';
}
