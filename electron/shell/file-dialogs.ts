/** The system's dialogs for files and folders. null = cancelled. */
import path from 'node:path';
import { app, type BrowserWindow, dialog, type FileFilter } from 'electron';
import type { ExportFormat } from '../bridge/index.ts';

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

export async function chooseRecording(window: BrowserWindow, folder: string): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, {
    title: 'Open recording',
    defaultPath: folder,
    properties: ['openFile'],
    filters: [
      { name: 'Recordings and profiles', extensions: ['mcap', ...PROFILES] },
      { name: 'Recordings', extensions: ['mcap'] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  return answer.filePaths[0] ?? null;
}

export async function chooseFolder(window: BrowserWindow, title: string, folder: string): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, {
    title,
    defaultPath: folder,
    properties: ['openDirectory', 'createDirectory'],
  });
  return answer.filePaths[0] ?? null;
}

export async function chooseKeyFile(window: BrowserWindow): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, {
    title: 'Private key',
    defaultPath: path.join(app.getPath('home'), '.ssh'),
    properties: ['openFile', 'showHiddenFiles'],
  });
  return answer.filePaths[0] ?? null;
}

export function chooseExportFile(window: BrowserWindow, name: string, format: ExportFormat): Promise<string | null> {
  return chooseNewFile(window, 'Export', name, EXPORTS[format]);
}

export function chooseShareFile(window: BrowserWindow, name: string): Promise<string | null> {
  return chooseNewFile(window, 'Save redacted recording', name, { name: 'Recordings', extensions: ['sonde.mcap'] });
}

export function chooseCaptureFile(window: BrowserWindow, name: string): Promise<string | null> {
  return chooseNewFile(window, 'Capture packets', name, { name: 'Packets (pcapng)', extensions: ['pcapng'] });
}

async function chooseNewFile(
  window: BrowserWindow,
  title: string,
  suggestedName: string,
  kind: FileFilter,
): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    title,
    // Only the last part: a name from the page must not lead anywhere.
    defaultPath: path.join(app.getPath('documents'), path.basename(suggestedName)),
    filters: [kind],
    properties: ['showOverwriteConfirmation'],
  });
  return answer.canceled || !answer.filePath ? null : answer.filePath;
}
