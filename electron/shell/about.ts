/** What this is, what it is made of, and under which licences. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { app, type BrowserWindow, dialog, shell } from 'electron';

const LICENCES = 1;

/** `notices`: the folder that packages bring; a built source tree has none. */
export async function showAbout(window: BrowserWindow, notices: string): Promise<void> {
  const licences = path.join(notices, 'LICENCES.txt');
  const answer = await dialog.showMessageBox(window, {
    type: 'info',
    title: `About ${app.name}`,
    message: nameAndVersion(),
    detail: versions(process.versions).join('\n'),
    buttons: existsSync(licences) ? ['Close', 'Licences'] : ['Close'],
    cancelId: 0,
    noLink: true,
  });
  if (answer.response === LICENCES) await shell.openPath(licences);
}

export const nameAndVersion = (): string => `${app.name} ${app.getVersion()}`;

/** What somebody who reports a fault is asked for. */
export function versions({ electron, chrome, node }: NodeJS.ProcessVersions): string[] {
  return [
    `Electron ${electron}`,
    `Chromium ${chrome}`,
    `Node.js ${node}`,
    `${os.type()} ${os.release()}, ${process.arch}`,
  ];
}
