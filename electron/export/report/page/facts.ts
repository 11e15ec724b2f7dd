/** What the device is, what was on, what is missing, and what observing cost. */
import { bytesText, completeness, countText } from '../../summary/summary-words.ts';
import type { ReportData } from '../report-data.ts';
import { el, section } from './dom.ts';
import { timeText } from './tracks.ts';

export function headSection({ summary: { device }, startMs, seconds, sondeVersion }: ReportData): HTMLElement {
  const when =
    startMs === null
      ? ''
      : `${new Date(startMs).toISOString().slice(0, 19).replace('T', ' ')} UTC by the device's clock, `;
  return el(
    'header',
    {},
    el('h1', {}, device.hostname || 'Recording'),
    el('p', { class: 'dim' }, `${when}${seconds.toFixed(1)} s. Made by Sonde ${sondeVersion}.`),
  );
}

export function findingsSection({ findings }: ReportData): HTMLElement | null {
  if (findings.length === 0) return null;
  return section('What stands out', el('ul', {}, ...findings.map((finding) => el('li', {}, finding))));
}

export function factsSection({ summary, probes }: ReportData): HTMLElement {
  const { device, samples, rate, calls, flows, dns, drops, ownCost, seconds, gapSeconds } = summary;
  const facts: [string, string][] = [
    ['System', [device.os, device.kernel && `kernel ${device.kernel}`, device.machine].filter(Boolean).join(', ')],
    ['Hardware', [device.hardware, device.cpu].filter(Boolean).join(', ')],
    ['Size', `${device.onlineCpus} CPUs, ${bytesText(device.memoryBytes)} of memory`],
  ];
  const { kept, seen, idle } = samples;
  if (seconds > 0)
    facts.push(
      [
        'CPU samples',
        `${countText(kept)} kept of ${countText(seen)}, ${countText(idle)} idle; ${rate.askedHz} Hz on ${rate.cpus} CPUs`,
      ],
      ['of them lost', completeness({ ...samples, gapSeconds }).join('; ')],
    );
  for (const [name, part] of [
    ['System calls', calls],
    ['Network events', flows],
    ['DNS messages', dns],
    ['Dropped packets', drops],
  ] as const)
    if (part)
      facts.push([name, `${countText(part.kept)} kept of ${countText(part.seen)}; ${completeness(part).join('; ')}`]);
  if (ownCost)
    facts.push([
      'Observing took',
      `${ownCost.cpuPercent.toFixed(1)} % of one CPU, ${bytesText(ownCost.residentBytes)} of memory and ${bytesText(ownCost.kernelMapBytes)} in the kernel, ${bytesText(ownCost.sentBytesPerSecond)}/s`,
    ]);
  for (const { title, at, what } of probes) facts.push([`${title} at ${timeText(Math.max(0, at))}`, what]);
  const list = facts
    .filter(([, fact]) => fact !== '')
    .flatMap(([name, fact]) => [el('dt', {}, name), el('dd', {}, fact)]);
  return section('Device and recording', el('dl', {}, ...list));
}
