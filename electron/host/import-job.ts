/**
 * A file in a window: a recording as it is; what another profiler wrote is made a recording first, which is gone when the
 * window closes it.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { faultOf } from '../../remote-agent/protocol/index.ts';
import { type OpenedFile, openForeign } from '../import/index.ts';
import { startReplay } from './replay-job.ts';
import { NO_DEVICE, type RunningJob } from './running-job.ts';
import type { WindowPort } from './window-port.ts';

const MCAP = Buffer.from([0x89, 0x4d, 0x43, 0x41, 0x50]);

export function startFile(file: string, window: WindowPort): RunningJob {
  return mayBeRecording(file) ? startReplay(file, window) : startImport(file, window);
}

/** What cannot be read, or is empty, is left to the reader of recordings: it says why. */
function mayBeRecording(file: string): boolean {
  const head = Buffer.alloc(MCAP.length);
  try {
    const handle = openSync(file, 'r');
    try {
      return readSync(handle, head) === 0 || head.equals(MCAP);
    } finally {
      closeSync(handle);
    }
  } catch {
    return true;
  }
}

function startImport(file: string, window: WindowPort): RunningJob {
  let job: RunningJob | null = null;
  let isClosed = false;
  const opening = open(file, window).then((opened) => {
    if (opened && !isClosed) job = startReplay(opened.file, window, file);
    return opened;
  });
  return {
    ...NO_DEVICE,
    disconnect: () => job?.disconnect(),
    setMarks: (marks) => job?.setMarks(marks),
    showRange: (fromNs, toNs) => job?.showRange(fromNs, toNs),
    get recordingFile() {
      return job?.recordingFile ?? null;
    },
    get ordering() {
      return job?.ordering ?? null;
    },
    close: async () => {
      isClosed = true;
      const opened = await opening;
      await job?.close();
      await opened?.close();
    },
  };
}

/** null: it is none, and the window has been told. */
async function open(file: string, window: WindowPort): Promise<OpenedFile | null> {
  try {
    return await openForeign(file);
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    window.send({ kind: 'state', view: { kind: 'ended', fault, steps: [], recording: null } });
    return null;
  }
}
