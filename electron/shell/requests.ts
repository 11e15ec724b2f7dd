/** What main does for each request of the page. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { app, type BrowserWindow, clipboard, shell } from 'electron';
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { Handlers } from '../bridge/index.ts';
import {
  chooseCaptureFile,
  chooseExportFile,
  chooseKeyFile,
  chooseRecording,
  chooseShareFile,
} from './file-dialogs.ts';
import type { Library } from './library/library.ts';
import { type JobContext, liveJob } from './live-job.ts';
import type { QuitQuestion } from './quit-question.ts';
import { recentRecordings } from './recent-recordings.ts';
import type { Sessions } from './sessions.ts';
import { type SettingsContext, settingsHandlers } from './settings-requests.ts';
import { findWireshark, openInWireshark } from './wireshark.ts';

export interface RequestContext extends JobContext, SettingsContext {
  readonly window: BrowserWindow;
  readonly sessions: Sessions;
  readonly library: Library;
  readonly quitting: QuitQuestion;
}

export function requestHandlers(context: RequestContext): Handlers {
  const { window, places, settings, sessions, library, quitting } = context;
  /** Chosen in this start. */
  const captures = new Set<string>();
  const chosenRecording = async (): Promise<string | null> => {
    sessions.prepare();
    const file = await chooseRecording(window, settings.folder);
    if (file === null) sessions.forgo();
    return file;
  };
  return {
    ...settingsHandlers(context),
    'app-info': () => ({
      version: app.getVersion(),
      electron: process.versions.electron,
      sampleRecording: existsSync(places.sampleRecording),
      user: userInfo().username,
      isFirstStart: !context.welcome.read(),
    }),
    'answer-quit': (leave) => quitting.answer(leave),
    'recent-recordings': () => recentRecordings(settings.folder),
    connect: (target) => ({ sessionId: sessions.start(liveJob(target, null, context)) }),
    'open-recording': async (asked) => {
      const isSample = asked === 'sample';
      const file = isSample ? places.sampleRecording : (asked ?? (await chosenRecording()));
      return file === null ? null : { sessionId: sessions.start({ kind: 'replay', file: path.resolve(file) }) };
    },
    'close-session': (sessionId) => sessions.close(sessionId),
    'choose-key-file': () => chooseKeyFile(window),
    'choose-export-file': async (suggestedName, format) => {
      const file = await chooseExportFile(window, suggestedName, format);
      if (file !== null) sessions.grantFile(file);
      return file;
    },
    'choose-share-file': async (suggestedName) => {
      const file = await chooseShareFile(window, suggestedName);
      if (file !== null) sessions.grantFile(file);
      return file;
    },
    'choose-capture-file': async (suggestedName) => {
      const file = await chooseCaptureFile(window, suggestedName);
      if (file === null) return null;
      sessions.grantFile(file);
      captures.add(file);
      return file;
    },
    'has-wireshark': async () => (await findWireshark()) !== null,
    'open-in-wireshark': async (file) => {
      if (!captures.has(file)) raise('file-io', `cannot open ${file}: it was not captured here`);
      await openInWireshark(file);
    },
    library: () => library.list(),
    'note-recording': (file, note) => library.note(file, note),
    'keep-recording': (file, isKept) => library.keep(file, isKept),
    'delete-recordings': (files, way) => library.remove(files, way),
    'set-clean-up-rules': (rules) => library.setRules(rules),
    'clean-up': (files, way) => library.cleanUp(files, way, Date.now()),
    'show-in-folder': (file) => {
      if (!existsSync(file)) raise('file-io', `cannot show ${file}: it is not there any more`);
      shell.showItemInFolder(path.resolve(file));
    },
    'copy-text': (text) => clipboard.writeText(text),
  };
}
