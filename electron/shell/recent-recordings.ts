/** Recordings in Sonde's own folder, newest first. What is shown comes from the file's name; nothing is opened. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { RecentRecording } from '../bridge/index.ts';
import { parseRecordingFileName, RECORDING_EXTENSION } from '../recording/index.ts';

/** A folder that grew for years must not slow the start screen. */
const MAX_SHOWN = 100;

export async function recentRecordings(folder: string): Promise<readonly RecentRecording[]> {
  const names = await readdir(folder).catch(() => []); // no recording was made yet
  const found = await Promise.all(
    names.filter((name) => name.endsWith(RECORDING_EXTENSION)).map((name) => describe(folder, name)),
  );
  return found
    .filter((recording) => recording !== null)
    .toSorted((a, b) => b.startedMs - a.startedMs)
    .slice(0, MAX_SHOWN);
}

async function describe(folder: string, name: string): Promise<RecentRecording | null> {
  const file = path.join(folder, name);
  const found = await stat(file).catch(() => null); // deleted since the listing
  if (!found?.isFile()) return null;
  const named = parseRecordingFileName(name);
  return {
    file,
    hostname: named?.hostname ?? path.basename(name, RECORDING_EXTENSION),
    startedMs: named?.startedMs ?? found.mtimeMs,
    bytes: found.size,
  };
}
