/** What the tests of unattended recordings look at. */
import { expect } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import type { Signal, WindowSignal } from '../../remote-agent/protocol/index.ts';

/** Of a recording that nothing is missing from. */
export async function signalsOf(file: string): Promise<Signal[]> {
  const reader = await openRecording(file);
  const signals: Signal[] = [];
  for await (const signal of reader.signals()) signals.push(signal);
  expect(reader.warning).toBeNull();
  await reader.close();
  return signals;
}

export const windowsOf = (signals: readonly Signal[], probe: string): WindowSignal[] =>
  signals.filter((signal): signal is WindowSignal => signal.kind === 'window' && signal.probe === probe);

/** Windows of one run follow each other without gap or overlap, and account for all that was seen. */
export function expectSeamless(windows: readonly WindowSignal[]): void {
  for (const [i, window] of windows.entries()) {
    const before = windows[i - 1];
    if (before) expect(window.fromNs, `window ${i}`).toBe(before.toNs);
    const { seen, kept, idle, filtered, lost } = window.counters;
    expect(lost.reduce((sum, { count }) => sum + count, kept + idle + filtered)).toBe(seen);
  }
}
