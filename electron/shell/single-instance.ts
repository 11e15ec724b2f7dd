/** One application per user: a second start hands over what it was started with, and ends. */
import path from 'node:path';
import { app } from 'electron';
import type { ProbeChoice } from '../bridge/index.ts';
import { parseArguments, type Started } from './arguments.ts';

/** What travels to the first instance. Electron's own copy of the arguments has Chromium's mixed in. */
interface Second {
  readonly argv: readonly string[];
  readonly folder: string;
}

/** What this instance was started with, its paths whole. `usual`: what is watched where no probe is named. */
export function ownStart(usual: readonly ProbeChoice[]): Started {
  return startedWith(given(), usual);
}

/** False = another instance runs and has been told; this one must end. */
export function isFirstInstance(): boolean {
  return app.requestSingleInstanceLock({ ...given() });
}

export interface SecondInstanceHooks {
  /** The window is on its way out: nobody would see what is opened in it. */
  readonly isLeaving: () => boolean;
  readonly usual: () => readonly ProbeChoice[];
  readonly open: (started: Started) => void;
}

export function onSecondInstance({ isLeaving, usual, open }: SecondInstanceHooks): void {
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const second = data as Second; // of our own making: another user's process cannot reach the lock
    if (isLeaving()) beginAgain(second);
    else open(startedWith(second, usual()));
  });
}

function given(): Second {
  return { argv: process.argv.slice(1), folder: process.cwd() };
}

function startedWith({ argv, folder }: Second, usual: readonly ProbeChoice[]): Started {
  const { recording, connect } = parseArguments(argv, !app.isPackaged, usual);
  return { recording: recording === null ? null : path.resolve(folder, recording), connect };
}

/** Once this instance has ended. */
function beginAgain({ argv, folder }: Second): void {
  process.chdir(folder); // the new process starts in this one's
  app.relaunch({ args: [...argv] });
}
