/** A finished recording is put in order while somebody waits at the terminal, who may have enough of it. */
import { type Fault, faultOf } from '../../remote-agent/protocol/index.ts';
import { tidyRecording } from '../recording/index.ts';
import { ProgressLine } from './progress-line.ts';
import type { World } from './world.ts';

/** null, or why the file is as it was recorded: whole, and put in order when it is opened. */
export async function putInOrder(file: string, world: World): Promise<Fault | null> {
  const progress = new ProgressLine(world);
  const stop = new AbortController();
  const off = world.onInterrupt(() => stop.abort());
  const onProgress = (part: number): void =>
    progress.show(`putting it in order ${Math.round(part * 100)} % (Ctrl-C keeps it as it is)`);
  try {
    const outcome = await tidyRecording(file, { stop: stop.signal, onProgress });
    return outcome === 'stopped' ? leftAs('it was stopped') : null;
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return leftAs(fault.message); // a full disk, perhaps
  } finally {
    progress.clear();
    off();
  }
}

function leftAs(why: string): Fault {
  return {
    code: 'file-io',
    message: `the recording is whole, but not in order: ${why}`,
    hint: 'It is larger than it could be, and is put in order when the window opens it.',
  };
}
