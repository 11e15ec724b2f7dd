import { STEP_IDS } from '../../../electron/bridge/contract.ts';
import type { StepView } from '../../../electron/bridge/contract.ts';
import { formatDuration } from '../../widgets/format.ts';
import { RunningElapsed } from '../../widgets/elapsed.tsx';
import { CheckIcon, CrossIcon, RunningIcon, SkippedIcon, WaitingIcon } from '../../widgets/icons.tsx';
import { ProgressBar } from '../../widgets/progress-bar.tsx';
import { STATE_WORDS, STEP_WORDS } from './step-words.ts';

/** Steps the host has not mentioned yet are waiting: the whole way is shown from the beginning. */
export function StepList({ steps }: { readonly steps: readonly StepView[] }) {
  const known = new Map(steps.map((step) => [step.id, step]));
  return (
    <ol className="steps">
      {STEP_IDS.map((id) => (
        <Step key={id} step={known.get(id) ?? { id, state: 'waiting', detail: '', progress: null, elapsedMs: 0 }} />
      ))}
    </ol>
  );
}

function Step({ step }: { readonly step: StepView }) {
  const { id, state, progress } = step;
  return (
    <li className={`step step-${state}`} aria-current={state === 'running' ? 'step' : undefined}>
      <span className="step-icon">{ICONS[state]}</span>
      <span className="step-words">
        {STEP_WORDS[id]}
        <span className="visually-hidden">: {STATE_WORDS[state]}</span>
      </span>
      <span className="step-elapsed">
        <Elapsed step={step} />
      </span>
      <span className="step-detail">{detailOf(step)}</span>
      {state === 'running' && progress !== null && <ProgressBar value={progress} label={STEP_WORDS[id]} />}
    </li>
  );
}

function detailOf({ state, detail, progress }: StepView): string {
  if (state === 'skipped') return detail || 'not needed';
  return state === 'running' && progress !== null ? `${detail}, ${Math.floor(progress * 100)} %` : detail;
}

function Elapsed({ step: { state, elapsedMs } }: { readonly step: StepView }) {
  if (state === 'running') return <RunningElapsed key={elapsedMs} elapsedMs={elapsedMs} />;
  return state === 'waiting' || state === 'skipped' || elapsedMs === 0 ? null : formatDuration(elapsedMs / 1000);
}

const ICONS = {
  waiting: <WaitingIcon />,
  running: <RunningIcon />,
  done: <CheckIcon />,
  skipped: <SkippedIcon />,
  failed: <CrossIcon />,
} as const;
