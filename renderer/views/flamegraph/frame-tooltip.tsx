import { useLayoutEffect, useRef } from 'react';
import type { FrameFacts } from '../../derive/index.ts';
import { formatCount, formatShare } from '../../widgets/format.ts';
import { type FactRow, originText } from './facts-text.ts';
import type { Hover } from './hover.ts';

/** From the pointer's hot spot: clear of the arrow, and of what it points at. */
const OFFSET_PX = { x: 14, y: 18 };
const MARGIN_PX = 8;

export interface FrameTooltipProps {
  readonly hover: Hover;
  readonly facts: FrameFacts;
  readonly rows: readonly FactRow[];
}

/** Beside the pointer, always inside the window. The mouse's way to what screen readers get by selecting. */
export function FrameTooltip({ hover, facts, rows }: FrameTooltipProps) {
  const element = useRef<HTMLDivElement>(null);
  const { clientX, clientY } = hover;
  useLayoutEffect(() => {
    const tooltip = element.current;
    if (!tooltip) return;
    const { offsetWidth: width, offsetHeight: height } = tooltip;
    const [right, below] = [clientX + OFFSET_PX.x, clientY + OFFSET_PX.y];
    const x = Math.min(right, window.innerWidth - width - MARGIN_PX);
    const y = below + height + MARGIN_PX > window.innerHeight ? clientY - height - OFFSET_PX.x : below;
    tooltip.style.transform = `translate(${Math.max(MARGIN_PX, x)}px, ${Math.max(MARGIN_PX, y)}px)`;
  });
  return (
    <div ref={element} className="flame-tooltip" aria-hidden="true">
      {hover.frames > 1 ? (
        <ManyFrames hover={hover} />
      ) : (
        <>
          <p className="flame-tooltip-name">{facts.name}</p>
          <p className="flame-tooltip-origin">
            {facts.kind && <span className="flame-swatch" data-kind={facts.kind} />}
            {originText(facts)}
          </p>
          <dl>
            {rows.map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {!facts.isNamed && (
            <p className="flame-tooltip-note">No symbol for this address: near ones are shown as one.</p>
          )}
        </>
      )}
    </div>
  );
}

function ManyFrames({ hover }: { readonly hover: Hover }) {
  return (
    <>
      <p className="flame-tooltip-name">
        {formatCount(hover.frames)} frames, {formatShare(hover.share)}
      </p>
      <p className="flame-tooltip-note">Each is too narrow to draw. Click to come closer.</p>
    </>
  );
}
