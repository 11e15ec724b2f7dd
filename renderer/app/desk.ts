import type { SondeBridge } from '../../electron/bridge/contract.ts';
import type { Source } from '../source/index.ts';

/** All the window can ask of the rest of the program. main.tsx makes the real one; tests and screens make their own. */
export interface Desk {
  readonly bridge: SondeBridge;
  /** Calls back with the source of every session that was opened, also with those from before the call. Returns a closer. */
  onSource(listener: (sessionId: string, source: Source) => void): () => void;
}
