/** What an unattended recording says of itself, for whoever looks: a file that is always whole. */
import { closeSync, fdatasyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import type { UnattendedStatus } from '../../protocol/index.ts';

/** Rarely: it is written onto flash memory. */
const EVERY_MS = 10_000;

export class StatusFile {
  private readonly path: string;
  private readonly now: () => number;
  private toldMs = Number.NEGATIVE_INFINITY;

  constructor(folder: string, now: () => number) {
    this.path = `${folder}/status.json`;
    this.now = now;
  }

  /** Now and then, or at once. A full disk must not end the recording. */
  tell(status: UnattendedStatus, atOnce = false): void {
    if (!atOnce && this.now() - this.toldMs < EVERY_MS) return;
    this.toldMs = this.now();
    try {
      writeWhole(`${this.path}.new`, `${JSON.stringify(status)}\n`);
      renameSync(`${this.path}.new`, this.path);
    } catch {
      // The old one stays.
    }
  }
}

/** On the disk before it takes the place of the old one: a power cut leaves one or the other. */
function writeWhole(path: string, text: string): void {
  const fd = openSync(path, 'w', 0o600);
  try {
    writeFileSync(fd, text);
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
