/** A fault for a person at a terminal. */
import type { Fault } from '../../remote-agent/protocol/index.ts';

const MAX_DETAIL_LINES = 12;

export function faultText({ message, hint, detail }: Fault, verbose: boolean): string {
  const lines = [`sonde: ${message}`];
  if (hint) lines.push(`  → ${hint}`);
  if (verbose && detail)
    lines.push(
      ...detail
        .split('\n')
        .slice(-MAX_DETAIL_LINES)
        .map((line) => `  | ${line}`),
    );
  return `${lines.join('\n')}\n`;
}
