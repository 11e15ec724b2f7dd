/** The run directory: private to this agent, made by the workstation, empty again at the end. */
import { lstatSync, rmdirSync, rmSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { logPath, raise, socketPath } from '../protocol/index.ts';

const OTHERS = 0o077;

export const socketIn = socketPath;

/** Whoever else could write here could put a socket or a table of their own in our place. */
export function checkRunDir(runDir: string): void {
  const stat = lstatSync(runDir, { throwIfNoEntry: false });
  const problem = !isAbsolute(runDir)
    ? 'the path is not absolute'
    : !stat?.isDirectory()
      ? 'it is no directory'
      : stat.uid !== process.geteuid?.()
        ? 'it belongs to someone else'
        : (stat.mode & OTHERS) !== 0
          ? 'others may look into it'
          : null;
  if (problem)
    raise(
      'agent-start',
      `cannot use ${runDir} as run directory: ${problem}`,
      'It must be a directory of mode 0700 owned by the user the agent runs as.',
    );
}

/** Takes away what the agent made, and the directory where nothing else is left in it. */
export function removeRunDir(runDir: string): void {
  rmSync(logPath(runDir), { force: true });
  try {
    rmdirSync(runDir);
  } catch {
    // Something of the workstation's is still in there: it takes that away itself.
  }
}
