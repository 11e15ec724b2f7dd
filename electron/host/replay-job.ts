/** A recording in a window. */
import { writeMarks } from '../recording/index.ts';
import { MarkDesk } from './mark-desk.ts';
import { Replay } from './replay.ts';
import type { RunningJob } from './running-job.ts';
import type { WindowPort } from './window-port.ts';

export function startReplay(file: string, window: WindowPort): RunningJob {
  const marks = new MarkDesk(window, (all) => writeMarks(file, all));
  const replay = new Replay(file, window);
  const done = replay.run();
  return {
    answer: () => undefined,
    disconnect: () => replay.stop(),
    reconnectNow: () => undefined,
    startProbe: () => undefined,
    stopProbe: () => undefined,
    startCapture: () => undefined,
    stopCapture: () => undefined,
    keepLast: () => undefined,
    setTriggers: () => undefined,
    recordUnattended: () => undefined,
    fetchRecording: () => undefined,
    deleteRecording: () => undefined,
    setMarks: (all) => marks.set(all),
    showRange: (fromNs, toNs) => replay.show(fromNs === null || toNs === null ? null : { fromNs, toNs }),
    recordingFile: file,
    close: async () => {
      await replay.close();
      await done;
      await marks.settled();
    },
  };
}
