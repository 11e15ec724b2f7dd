import { RATIO_STEPS, SIGNIFICANT } from '../../../remote-agent/protocol/statistics/index.ts';
import './change.css';

const STEPS = RATIO_STEPS.length;
const MORE = RATIO_STEPS.map((ratio, index) => ({ step: index + 1, text: `×${ratio}` }));
const LESS = RATIO_STEPS.map((ratio, index) => ({ step: -index - 1, text: `÷${ratio}` })).reverse();

/** What the colours mean, in numbers. */
export function DiffLegend() {
  return (
    <div
      className="compare-legend"
      role="img"
      aria-label={`Colours: blue with − is less than before, red with + more, in steps of ${RATIO_STEPS.join(', ')} times; grey is about the same`}
      title={`Each colour begins at its number, after as a multiple of before. Grey: about the same, or not to be told from chance (p ≥ ${SIGNIFICANT}). What is new or gone has the strongest colour.`}
    >
      <span>− less</span>
      {[...LESS, { step: 0, text: 'same' }, ...MORE].map(({ step, text }) => (
        <span key={step} className="compare-legend-step" data-step={step} data-strong={Math.abs(step) === STEPS}>
          {text}
        </span>
      ))}
      <span>more +</span>
    </div>
  );
}
