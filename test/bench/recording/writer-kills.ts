/** The recorder alone, killed or out of disk: exactly what it had been given and is not in the file. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { bundleProgram, type Killed, runAndKill, runUntilFull } from '../../crossing/recording/kill.ts';
import { newestIn } from './newest.ts';

export interface WriterKill {
  readonly lifeMs: number;
  readonly opens: boolean;
  readonly missingMs: number;
}

/** With each window: some hundred kilobytes a second. */
const BALLAST = 10_000;

export class Recorder {
  private readonly folder: string;
  private readonly program: string;
  private count = 0;

  private constructor(folder: string, program: string) {
    this.folder = folder;
    this.program = program;
  }

  static async bundled(folder: string): Promise<Recorder> {
    const program = path.join(folder, 'recorder.mjs');
    await bundleProgram('recorder.ts', program);
    return new Recorder(folder, program);
  }

  async killedAfter(lifeMs: number): Promise<WriterKill> {
    return outcome(await runAndKill(this.program, this.nextFile(), lifeMs));
  }

  /** On a disk of so many bytes, and killed so long after it was full. */
  async fullAfter(bytes: number, lifeMs: number): Promise<WriterKill> {
    const file = this.nextFile();
    const disk = { folder: `${file}-disk`, bytes: Math.round(bytes), ballast: BALLAST };
    await mkdir(disk.folder);
    return outcome(await runUntilFull(this.program, file, disk, lifeMs));
  }

  private nextFile(): string {
    return path.join(this.folder, `recorder-${this.count++}.sonde.mcap`);
  }
}

async function outcome({ file, lifeMs, appended }: Killed): Promise<WriterKill> {
  const newest = await newestIn(file);
  return { lifeMs, opens: newest !== null, missingMs: appended - (newest?.atNs ?? 0) / 1e6 };
}
