/** A recording in a window. */
import { writeMarks } from '../recording/index.ts';
import { MarkDesk } from './mark-desk.ts';
import { Replay, REPLAY_LIMITS } from './replay.ts';
import { NO_DEVICE, type RunningJob } from './running-job.ts';
import type { WindowPort } from './window-port.ts';

/** importedFrom: what the recording was made of for as long as it is open; null = it is one. */
export function startReplay(file: string, window: WindowPort, importedFrom: string | null = null): RunningJob {
  const marks = new MarkDesk(window, (all) => writeMarks(file, all));
  const replay = new Replay(file, window, REPLAY_LIMITS, importedFrom);
  const done = replay.run();
  return {
    ...NO_DEVICE,
    disconnect: () => replay.stop(),
    setMarks: (all) => marks.set(all),
    showRange: (fromNs, toNs) => replay.show(fromNs === null || toNs === null ? null : { fromNs, toNs }),
    recordingFile: file,
    get ordering() {
      return replay.ordering;
    },
    close: async () => {
      await replay.close();
      await done;
      await marks.settled();
    },
  };
}
