/** Recordings made from Signals, in a folder that goes away with the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createRecording, openRecording, type RecordingOptions } from '../../../electron/recording/index.ts';
import type { Fault, Signal } from '../../../remote-agent/protocol/index.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';

export const OPTIONS: RecordingOptions = { destination: 'root@edge-box', hostname: 'edge-box', sondeVersion: '0.1.0' };

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sonde-recording-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A chunk per window, as the clock would make them. */
export async function record(
  file: string,
  signals: readonly Signal[],
  options: Partial<RecordingOptions> = {},
): Promise<void> {
  const writer = await createRecording(file, { ...OPTIONS, ...options });
  for (const frame of framesFromSignals(signals)) {
    writer.append(frame);
    if (frame.body.case === 'window') await writer.flush();
  }
  await writer.close();
}

/** All of it in as few chunks as there can be: quick to make. */
export async function recordAtOnce(file: string, signals: readonly Signal[]): Promise<void> {
  const writer = await createRecording(file, OPTIONS);
  for (const frame of framesFromSignals(signals)) writer.append(frame);
  await writer.close();
}

export interface ReadBack {
  readonly signals: readonly Signal[];
  readonly warning: Fault | null;
  readonly complete: boolean;
}

export async function readBack(file: string): Promise<ReadBack> {
  const reader = await openRecording(file);
  try {
    const signals: Signal[] = [];
    for await (const signal of reader.signals()) signals.push(signal);
    return { signals, warning: reader.warning, complete: reader.info.complete };
  } finally {
    await reader.close();
  }
}

/** `change` gets a copy of the file's bytes and gives those of the new file. */
export async function changedCopy(file: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
  const copy = `${file}-${copies++}.sonde.mcap`;
  await writeFile(copy, change(await readFile(file)));
  return copy;
}
let copies = 0;

export function keptSamples(signals: readonly Signal[]): number {
  return signals.reduce((sum, signal) => sum + (signal.kind === 'window' ? signal.counters.kept : 0), 0);
}
