/** Finds Wireshark on this computer and opens a file in it. Never through a shell, and with nothing but the file. */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { raise } from '../../remote-agent/protocol/fault.ts';

/** Where its installers put it; elsewhere it is in PATH. */
const USUAL_PLACES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['/Applications/Wireshark.app/Contents/MacOS/Wireshark'],
  win32: ['C:\\Program Files\\Wireshark\\Wireshark.exe', 'C:\\Program Files (x86)\\Wireshark\\Wireshark.exe'],
};

/** null = it is not installed. */
export async function findWireshark(
  searchPath: string = process.env['PATH'] ?? '',
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const name = platform === 'win32' ? 'Wireshark.exe' : 'wireshark';
  // A relative folder would be looked for wherever Sonde happened to be started.
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const candidates = [...folders.map((folder) => path.join(folder, name)), ...(USUAL_PLACES[platform] ?? [])];
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  return null;
}

/** It goes on by itself, also after Sonde has ended. */
export async function openInWireshark(file: string): Promise<void> {
  const program = await findWireshark();
  if (program === null)
    raise('file-io', 'cannot open Wireshark: it is not installed', 'Install it, or open the file on another computer.');
  // A file name that begins with a dash would be an option; an absolute path does not.
  const child = spawn(program, [path.resolve(file)], { detached: true, stdio: 'ignore', shell: false });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  }).catch((error: Error) => raise('file-io', `cannot start Wireshark: ${error.message}`));
  child.unref();
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
