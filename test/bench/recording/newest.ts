/** The newest that is in a recording, however it ended. */
import { openRecording } from '../../../electron/recording/index.ts';
import { faultOf } from '../../../remote-agent/protocol/index.ts';

/** The end of its last window, 0 = there is none yet; null where it does not open. */
export async function newestIn(file: string): Promise<{ readonly atNs: number } | null> {
  try {
    const reader = await openRecording(file);
    try {
      let atNs = 0;
      for await (const signal of reader.signals()) if (signal.kind === 'window') atNs = Math.max(atNs, signal.toNs);
      return { atNs };
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (faultOf(error)) return null;
    throw error;
  }
}
