/** Commands that read recordings read other profilers' files as well: as a recording that is gone afterwards. */
import { openForeign } from '../import/index.ts';

export async function withRecording<T>(file: string, act: (recording: string) => Promise<T>): Promise<T> {
  const opened = await openForeign(file);
  try {
    return await act(opened.file);
  } finally {
    await opened.close();
  }
}
