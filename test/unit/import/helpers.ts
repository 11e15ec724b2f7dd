/** Files of other profilers, imported and told as folded stacks. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { EVERYTHING, exportRecording } from '../../../electron/export/index.ts';
import { openForeign } from '../../../electron/import/index.ts';
import type { ExportFormat } from '../../../electron/bridge/contract.ts';
import type { Signal } from '../../../remote-agent/protocol/index.ts';
import { readBack, record, temporaryFolder } from '../recording/helpers.ts';

export function fileOf(name: string, content: string | Uint8Array): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

export async function exportedFrom(recording: string, format: ExportFormat): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await exportRecording({
    recording,
    format,
    file: async (piece) => void pieces.push(Buffer.from(piece)),
    filter: EVERYTHING,
  });
  return Buffer.concat(pieces);
}

/** What a recording of these signals is in a format. */
export async function madeOf(signals: readonly Signal[], format: ExportFormat): Promise<Buffer> {
  const recording = path.join(temporaryFolder(), 'a.sonde.mcap');
  await record(recording, signals);
  return exportedFrom(recording, format);
}

export interface Imported {
  readonly signals: readonly Signal[];
  /** Without the facts. */
  readonly stacks: readonly string[];
  readonly notes: readonly string[];
}

export async function imported(name: string, content: string | Uint8Array): Promise<Imported> {
  const opened = await openForeign(fileOf(name, content));
  try {
    const { signals, warning } = await readBack(opened.file);
    if (warning) throw new Error(warning.message);
    const folded = (await exportedFrom(opened.file, 'folded')).toString();
    return {
      signals,
      stacks: stackLines(folded),
      notes: signals.flatMap((signal) => (signal.kind === 'note' ? [signal.text] : [])),
    };
  } finally {
    await opened.close();
  }
}

export function stackLines(folded: string): string[] {
  return folded.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
