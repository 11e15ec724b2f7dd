import type { Fact, RecordingSummary, TopList } from '../../../electron/bridge/contract.ts';
import { findProbe } from '../../../remote-agent/protocol/probes/index.ts';
import { formatCount, formatDeviceTime, formatRate } from '../../widgets/format.ts';
import { fileText } from './amounts.tsx';
import type { Moment } from './moments.tsx';

/** The page as text that can be pasted into a ticket. `heading`: what it is of. */
export function pageText(
  summary: RecordingSummary,
  heading: string,
  moments: readonly Moment[],
  wallOffsetMs: number | null,
): string {
  const time = (ns: number) => formatDeviceTime(ns, wallOffsetMs);
  const parts = [
    heading,
    block(
      'What stands out',
      summary.findings.map(({ text }) => `- ${text}`),
    ),
    block('Device', factLines(summary.device)),
    block(
      'What was on',
      summary.runs.map(
        ({ probe, fromNs, toNs, options, end }) =>
          `${titleOf(probe)}: ${time(fromNs)} – ${time(toNs)}${options && `, ${options}`}${end && `; ${end}`}`,
      ),
    ),
    block('How much was recorded', [
      ...summary.amounts.map(
        ({ probe, unit, seconds, seen, kept, filtered, lost }) =>
          `${titleOf(probe)}: ${formatRate(seconds > 0 ? seen / seconds : 0)} ${unit} a second; ${formatCount(seen)} seen, ${formatCount(kept)} kept, ${formatCount(filtered)} left out, ${formatCount(lost)} lost`,
      ),
      ...(summary.losses.length === 0 ? ['Nothing was lost.'] : summary.losses),
      fileText(summary.file),
    ]),
    block('What watching cost the device', factLines(summary.cost)),
    block(
      'Marks and notes',
      moments.map(({ fromNs, text }) => `${time(fromNs)}  ${text}`),
    ),
    ...summary.lists.map((list) => block(list.title, listLines(list))),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function block(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines].join('\n');
}

function factLines(facts: readonly Fact[]): string[] {
  return facts.map(({ name, text }) => `${name}: ${text}`);
}

/** Numbers stand below each other in any editor. */
function listLines({ columns, rows }: TopList): string[] {
  const all = [columns, ...rows.map(({ cells }) => cells)];
  const widths = columns.map((_, at) => Math.max(...all.map((cells) => cells[at]?.length ?? 0)));
  return all.map((cells) =>
    cells.map((cell, at) => (at === cells.length - 1 ? cell : cell.padStart(widths[at] ?? 0))).join('  '),
  );
}

function titleOf(probe: string): string {
  return findProbe(probe)?.title ?? probe;
}
