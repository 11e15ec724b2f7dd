import { isFixed, rangesOf } from '../../store/index.ts';
import type { RangeNs, StoreSnapshot } from '../../store/index.ts';
import { formatDeviceTime, formatDuration } from '../../widgets/format.ts';
import type { Session } from '../session.ts';

/** What of a session leaves it. */
export interface Part {
  /** None: all of the session. */
  readonly ranges: readonly RangeNs[];
  readonly text: string;
  /** Which, in times: "14:02:11 – 14:03:00, 49 s". */
  readonly detail: string;
}

/** All of it, what is selected now, and of several selected ranges also each by itself. */
export function partsOf(session: Session, { wallOffsetMs, firstNs, lastNs }: StoreSnapshot): readonly Part[] {
  const { range } = session.state.getState().selection;
  const ranges = rangesOf(range, { firstNs, lastNs });
  const whole = { ranges: [], text: 'The whole session', detail: wholeText(session, { firstNs, lastNs }) };
  if (range.kind === 'all') return [whole];
  const each = ranges.map((one, index) => ({
    ranges: [one],
    text: ranges.length === 1 ? 'The selected range' : `Range ${index + 1}`,
    detail: `${formatDeviceTime(one.fromNs, wallOffsetMs)} – ${formatDeviceTime(one.toNs, wallOffsetMs)}, ${lengthOf([one])}`,
  }));
  if (ranges.length === 1) return [whole, ...each];
  return [
    whole,
    { ranges, text: `All ${ranges.length} selected ranges`, detail: `${lengthOf(ranges)} together` },
    ...each,
  ];
}

/** Who has selected something means that; what goes along with the data is no choice. */
export function firstPart(session: Session): number {
  return isFixed(session.state.getState().selection.range) ? 1 : 0;
}

/** A session that goes on is longer in a moment. */
function wholeText(session: Session, { firstNs, lastNs }: Pick<StoreSnapshot, 'firstNs' | 'lastNs'>): string {
  return session.grows() ? 'from its beginning to now' : lengthOf([{ fromNs: firstNs, toNs: lastNs }]);
}

function lengthOf(ranges: readonly RangeNs[]): string {
  return formatDuration(ranges.reduce((sum, { fromNs, toNs }) => sum + (toNs - fromNs) / 1e9, 0));
}

export interface PartChoiceProps {
  readonly parts: readonly Part[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

export function PartChoice({ parts, chosen, onChoose }: PartChoiceProps) {
  return (
    <fieldset className="part-choice">
      <legend>What</legend>
      {parts.map(({ text, detail }, index) => (
        <label key={text}>
          <input type="radio" name="part" checked={chosen === index} onChange={() => onChoose(index)} />
          {text}
          <span className="export-use">{detail}</span>
        </label>
      ))}
    </fieldset>
  );
}
