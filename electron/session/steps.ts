/** The steps of getting to a live picture, with their clocks. Pure: time comes with each change. */
import { STEP_IDS, type StepId, type StepView } from '../bridge/contract.ts';

export interface Step {
  readonly id: StepId;
  readonly state: StepView['state'];
  readonly detail: string;
  readonly progress: number | null;
  /** Session clock; null = not yet. */
  readonly startedMs: number | null;
  readonly endedMs: number | null;
}

export type Steps = readonly Step[];

export interface StepChange {
  readonly id: StepId;
  readonly state: 'running' | 'done' | 'skipped';
  /** null = as it was. */
  readonly detail: string | null;
  readonly progress: number | null;
}

export const FRESH_STEPS: Steps = STEP_IDS.map((id) => ({
  id,
  state: 'waiting',
  detail: '',
  progress: null,
  startedMs: null,
  endedMs: null,
}));

export function changeStep(steps: Steps, change: StepChange, atMs: number): Steps {
  const ends = change.state !== 'running';
  return steps.map((step) =>
    step.id === change.id
      ? {
          id: step.id,
          state: change.state,
          detail: change.detail ?? step.detail,
          progress: change.progress,
          startedMs: step.startedMs ?? atMs,
          endedMs: ends ? atMs : null,
        }
      : step,
  );
}

/** Whatever ran has failed; whatever waits goes on waiting. */
export function failSteps(steps: Steps, atMs: number): Steps {
  return steps.map((step) => (step.state === 'running' ? { ...step, state: 'failed', endedMs: atMs } : step));
}

export function viewSteps(steps: Steps, nowMs: number): readonly StepView[] {
  return steps.map(({ id, state, detail, progress, startedMs, endedMs }) => ({
    id,
    state,
    detail,
    progress,
    elapsedMs: startedMs === null ? 0 : Math.max(0, (endedMs ?? nowMs) - startedMs),
  }));
}
