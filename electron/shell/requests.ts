/** What main does for each request of the page. */
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { app, type BrowserWindow, clipboard, dialog, shell } from 'electron';
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { ExportFormat, Handlers, Target } from '../bridge/index.ts';
import type { Library } from './library/library.ts';
import type { Places } from './places.ts';
import type { RecentDevices } from './recent-devices.ts';
import { recentRecordings } from './recent-recordings.ts';
import type { Sessions } from './sessions.ts';
import { findWireshark, openInWireshark } from './wireshark.ts';

const EXPORTS: Readonly<Record<ExportFormat, { readonly name: string; readonly extensions: string[] }>> = {
  csv: { name: 'Table as CSV', extensions: ['csv'] },
  firefox: { name: 'Firefox Profiler', extensions: ['json.gz'] },
  folded: { name: 'Folded stacks', extensions: ['folded', 'txt'] },
  html: { name: 'Report', extensions: ['html'] },
  json: { name: 'Tables as JSON', extensions: ['json'] },
  jsonl: { name: 'Table as JSON lines', extensions: ['jsonl'] },
  parquet: { name: 'Table as Parquet', extensions: ['parquet'] },
  perfetto: { name: 'Chrome and Perfetto trace', extensions: ['json'] },
  png: { name: 'Picture', extensions: ['png'] },
  pprof: { name: 'pprof', extensions: ['pb.gz'] },
  speedscope: { name: 'speedscope', extensions: ['json'] },
  svg: { name: 'Picture', extensions: ['svg'] },
};

/** What other profilers call what Sonde imports; any other name opens too. */
const PROFILES = ['txt', 'folded', 'collapsed', 'pb.gz', 'pprof', 'speedscope.json', 'json'];

export interface RequestContext {
  readonly window: BrowserWindow;
  readonly places: Places;
  readonly sessions: Sessions;
  readonly devices: RecentDevices;
  readonly library: Library;
}

export function requestHandlers({ window, places, sessions, devices, library }: RequestContext): Handlers {
  /** Chosen in this start. */
  const captures = new Set<string>();
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
      { name: 'Recordings and profiles', extensions: ['mcap', ...PROFILES] },
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

async function chooseShareFile(window: BrowserWindow, suggestedName: string): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    title: 'Save redacted recording',
    // Only the last part, as below.
    defaultPath: path.join(app.getPath('documents'), path.basename(suggestedName)),
    filters: [{ name: 'Recordings', extensions: ['sonde.mcap'] }],
    properties: ['showOverwriteConfirmation'],
  });
  return answer.canceled || !answer.filePath ? null : answer.filePath;
}

async function chooseCaptureFile(window: BrowserWindow, suggestedName: string): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    title: 'Capture packets',
    // Only the last part, as below.
    defaultPath: path.join(app.getPath('documents'), path.basename(suggestedName)),
    filters: [{ name: 'Packets (pcapng)', extensions: ['pcapng'] }],
    properties: ['showOverwriteConfirmation'],
  });
  return answer.canceled || !answer.filePath ? null : answer.filePath;
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
