/** Takes everything of Sonde away from the device, and proves it by a second look. */
import { raise } from '../../remote-agent/protocol/fault.ts';
import { deviceWords } from './device-words.ts';
import { REMOVE_SCRIPT } from './remove-script.ts';
import type { RootShell } from './root-shell.ts';
import { shCommand } from './script.ts';

const TIMEOUT_MS = 60_000;

export interface RemoveReport {
  readonly killed: readonly { readonly pid: number; readonly command: string }[];
  readonly removed: readonly string[];
  /** Of other people who become root on this device: it stays. */
  readonly others: readonly string[];
  /** What a second look found still there; both empty = proven clean. */
  readonly left: { readonly processes: readonly string[]; readonly paths: readonly string[] };
}

export async function remove(
  root: RootShell,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<RemoveReport> {
  const { stdout, stderr } = await root.exec(shCommand(REMOVE_SCRIPT), { signal, timeoutMs: TIMEOUT_MS });
  const lines = deviceWords(stdout.toString('utf8'), 10_000).split('\n');
  if (!lines.includes('looked-again'))
    raise(
      'agent-start',
      'cannot remove Sonde from the device: the command did not end as it should',
      undefined,
      deviceWords(stderr.toString('utf8')),
    );
  return parseRemoval(lines);
}

export function parseRemoval(lines: readonly string[]): RemoveReport {
  const rest = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return {
    killed: rest('killed').map((line) => ({ pid: Number.parseInt(line, 10), command: line.replace(/^\d+ ?/, '') })),
    removed: rest('removed'),
    others: rest('others'),
    left: { processes: rest('left-process'), paths: rest('left-path') },
  };
}
