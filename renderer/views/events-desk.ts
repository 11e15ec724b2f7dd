import type { ProbeManifest } from '../../remote-agent/protocol/manifest.ts';
import type { ProbeColumns } from '../store/index.ts';

/** Options by name, as a manifest names them; what is left out is at its default. */
export type Options = Readonly<Record<string, string>>;

export interface OptionsCheck {
  readonly options: Options;
  /** What is wrong, by option. */
  readonly errors: Options;
}

/** A probe that sends events one by one: what came of it, and what can be asked of it. */
export interface EventsDesk {
  readonly manifest: ProbeManifest;
  readonly windows: ProbeColumns;
  /** Those outside the selected ranges too: what was learned there holds here. */
  readonly allWindows: ProbeColumns;
  readonly state: 'running' | 'starting' | 'stopping' | 'failed' | 'idle';
  /** Of the newest start; null = it was never started. */
  readonly options: Options | null;
  /** A recording, or the session has ended: nothing can be asked of it any more. */
  readonly isOver: boolean;
  check(typed: Options): OptionsCheck;
  /** Also with other options while it runs. */
  start(options: Options): void;
  stop(): void;
}
