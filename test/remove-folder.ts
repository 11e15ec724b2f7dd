/** Removes a folder in which a program that was just stopped may still write for a moment. */
import { rmSync } from 'node:fs';

/** @param folder one that is not there is fine */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 30, retryDelay: 100 });
}
