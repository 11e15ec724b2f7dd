import type { DeviceFacts, PlaceFacts } from './facts.ts';

export interface PreflightCheck {
  readonly id: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly title: string;
  readonly found: string;
  /** What to do, with the exact command or kernel option; '' where nothing is wrong. */
  readonly hint: string;
}

/** `places` as root sees them where known. Pure. */
export function preflight(_facts: DeviceFacts, _places: readonly PlaceFacts[] | null): readonly PreflightCheck[] {
  return [];
}
