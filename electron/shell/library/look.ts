/** Looking into recordings, in a process of its own: main must not read files. */
import { utilityProcess } from 'electron';
import { isName, isObject } from '../../bridge/index.ts';
import type { AboutRecording } from '../../bridge/library.ts';
import type { MainToHost } from '../../bridge/index.ts';
import { isAbout } from './index-file.ts';

const isTold = isObject<{ file: string; about: AboutRecording }>({ file: isName(), about: isAbout });

/** Resolves when the process has ended, whatever became of it. */
export function lookInProcess(
  script: string,
  files: readonly string[],
  told: (file: string, about: AboutRecording) => void,
): Promise<void> {
  const child = utilityProcess.fork(script, [], { serviceName: 'Sonde library', stdio: 'inherit' });
  child.on('message', (message: unknown) => {
    if (isTold(message)) told(message.file, message.about);
  });
  child.postMessage({ kind: 'job', job: { kind: 'look', files } } satisfies MainToHost);
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
