import { FRAME_KINDS, type FrameKind } from '../../derive/index.ts';
import { formatShare } from '../../widgets/format.ts';
import { KIND_NAMES } from './facts-text.ts';

export interface LegendProps {
  /** Share of samples whose innermost frame is of the kind. */
  readonly shares: Readonly<Record<FrameKind, number>>;
  readonly dimmed: ReadonlySet<FrameKind>;
  readonly onToggle: (kind: FrameKind) => void;
}

/** Whose code the colours mean, and how much ran in each. A press dims the kind. */
export function Legend({ shares, dimmed, onToggle }: LegendProps) {
  return (
    <div className="flame-legend" role="group" aria-label="Colours: whose code it is">
      {FRAME_KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          aria-pressed={!dimmed.has(kind)}
          title={`${formatShare(shares[kind])} of samples ran in ${KIND_NAMES[kind].toLowerCase()} code. Press to ${dimmed.has(kind) ? 'show' : 'dim'} it.`}
          onClick={() => onToggle(kind)}
        >
          <span className="flame-swatch" data-kind={kind} />
          {KIND_NAMES[kind]}
          <span className="flame-legend-share">{formatShare(shares[kind])}</span>
        </button>
      ))}
    </div>
  );
}
