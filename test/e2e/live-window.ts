/** The real window, connected to a virtual edge box by its key. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Box } from '../device/box/boot.mjs';
import { type Application, openStage } from './application.ts';
import { removeFolder } from '../remove-folder.ts';

/** From Connect to the first picture, and for anything the device is asked, on a busy machine. */
export const PICTURE_MS = 150_000;
export const PICTURES = 'out/e2e';

export interface LiveWindow extends Pick<Application, 'app' | 'page'> {
  /** Goes with the window; its recordings are in it. */
  readonly folder: string;
  /** What went wrong in the page itself. */
  readonly complaints: readonly string[];
  /** Leaves a last picture behind. */
  close(): Promise<void>;
}

/** `name`: of the last picture. */
export async function openLiveWindow(name: string, box: Box): Promise<LiveWindow> {
  mkdirSync(PICTURES, { recursive: true });
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-live-'));
  const stage = await openStage();
  let opened: Application | null = null;
  const close = async () => {
    await opened?.page.screenshot({ path: `${PICTURES}/last-of-${name}.png` }).catch(() => undefined); // closed already
    await opened?.app.close().catch(() => undefined); // as above
    await stage.close();
    removeFolder(folder);
  };
  try {
    const knownHosts = path.join(folder, 'known-by-key');
    await box.writeKnownHosts(knownHosts);
    const target = [
      `--known-hosts=${knownHosts}`,
      `--connect=root@${box.host}:${box.port}`,
      `--identity=${box.users.root.identityFile}`,
    ];
    opened = await stage.launch(target, folder, { HOME: folder, SSH_AUTH_SOCK: '' });
  } catch (error) {
    await close();
    throw error;
  }
  const { app, page } = opened;
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  return { app, page, folder, complaints, close };
}
