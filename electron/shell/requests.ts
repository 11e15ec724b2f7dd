/** What main does for each request of the page. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { app, type BrowserWindow, clipboard, dialog, shell } from 'electron';
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { ExportFormat, Handlers, Target } from '../bridge/index.ts';
import type { Places } from './places.ts';
import type { RecentDevices } from './recent-devices.ts';
import { recentRecordings } from './recent-recordings.ts';
import type { Sessions } from './sessions.ts';

const EXPORTS: Readonly<Record<ExportFormat, { readonly name: string; readonly extensions: string[] }>> = {
  csv: { name: 'System calls as CSV', extensions: ['csv'] },
  folded: { name: 'Folded stacks', extensions: ['folded', 'txt'] },
  json: { name: 'System calls as JSON', extensions: ['json'] },
  pprof: { name: 'pprof', extensions: ['pb.gz'] },
  speedscope: { name: 'speedscope', extensions: ['json'] },
};

export interface RequestContext {
  readonly window: BrowserWindow;
  readonly places: Places;
  readonly sessions: Sessions;
  readonly devices: RecentDevices;
}

export function requestHandlers({ window, places, sessions, devices }: RequestContext): Handlers {
  return {
    'app-info': () => ({
      version: app.getVersion(),
      electron: process.versions.electron,
      sampleRecording: existsSync(places.sampleRecording),
      user: userInfo().username,
    }),
    'recent-devices': () => devices.list(),
    'forget-device': (destination) => devices.forget(destination),
    'recent-recordings': () => recentRecordings(places.recordings),
    connect: (target) => ({ sessionId: sessions.start(liveJob(target, null, places)) }),
    'open-recording': async (asked) => {
      const file = asked === 'sample' ? places.sampleRecording : (asked ?? (await chooseRecording(window, places)));
      return file === null ? null : { sessionId: sessions.start({ kind: 'replay', file: path.resolve(file) }) };
    },
    'close-session': (sessionId) => sessions.close(sessionId),
    'choose-key-file': () => chooseKeyFile(window),
    'choose-export-file': async (suggestedName, format) => {
      const file = await chooseExportFile(window, suggestedName, format);
      if (file !== null) sessions.grantExport(file);
      return file;
    },
    'show-in-folder': (file) => {
      if (!existsSync(file)) raise('file-io', `cannot show ${file}: it is not there any more`);
      shell.showItemInFolder(path.resolve(file));
    },
    'copy-text': (text) => clipboard.writeText(text),
  };
}

export function liveJob(target: Target, acceptHostKey: string | null, places: Places) {
  return {
    kind: 'live',
    target,
    acceptHostKey,
    recordingDir: places.recordings,
    artifactsDir: places.artifacts,
  } as const;
}

async function chooseRecording(window: BrowserWindow, places: Places): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, {
    title: 'Open recording',
    defaultPath: places.recordings,
    properties: ['openFile'],
    filters: [
      { name: 'Recordings', extensions: ['mcap'] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  return answer.filePaths[0] ?? null;
}

async function chooseKeyFile(window: BrowserWindow): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, {
    title: 'Private key',
    defaultPath: path.join(app.getPath('home'), '.ssh'),
    properties: ['openFile', 'showHiddenFiles'],
  });
  return answer.filePaths[0] ?? null;
}

async function chooseExportFile(
  window: BrowserWindow,
  suggestedName: string,
  format: ExportFormat,
): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    title: 'Export',
    // Only the last part: a name from the page must not lead anywhere.
    defaultPath: path.join(app.getPath('documents'), path.basename(suggestedName)),
    filters: [EXPORTS[format]],
    properties: ['showOverwriteConfirmation'],
  });
  return answer.canceled || !answer.filePath ? null : answer.filePath;
}
