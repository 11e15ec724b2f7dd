/** Load and rates over time, marks in front of them. */
import { bytesText, numberText } from '../../summary/summary-words.ts';
import type { ReportData, ReportTrack } from '../report-data.ts';
import { el, section, svgEl } from './dom.ts';

const WIDTH = 1000;
const HEIGHT = 56;

export function tracksSection({ tracks, marks, seconds }: ReportData): HTMLElement | null {
  if (tracks.length === 0 || seconds <= 0) return null;
  const list = marks.map(({ from, to, text, by }) => {
    const when = from === to ? timeText(from) : `${timeText(from)} to ${timeText(to)}`;
    return el('li', {}, el('b', {}, when), ` ${text} `, el('span', { class: 'dim' }, `by ${by}`));
  });
  return section(
    'In the course of time',
    ...tracks.map((track) => trackRow(track, marks, seconds)),
    list.length > 0 ? el('ul', { class: 'marks' }, ...list) : null,
  );
}

function trackRow(track: ReportTrack, marks: ReportData['marks'], seconds: number): HTMLElement {
  const most = Math.max(...track.value, track.unit === '%' ? 100 : 0) || 1;
  const picture = svgEl('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': `${track.name}, at most ${valueText(Math.max(...track.value), track.unit)}`,
  });
  const x = (second: number): number => (WIDTH * second) / seconds;
  for (const { from, to } of marks)
    picture.append(
      svgEl('rect', { class: 'mark', x: x(from), y: 0, width: Math.max(1.5, x(to) - x(from)), height: HEIGHT }),
    );
  for (const [at, value] of track.value.entries()) {
    const [from, to] = [track.from[at] ?? 0, track.to[at] ?? 0];
    const height = (HEIGHT * value) / most;
    const bar = svgEl('rect', {
      class: 'bar',
      x: x(from),
      y: HEIGHT - height,
      width: Math.max(0.5, x(to) - x(from)),
      height,
    });
    bar.append(svgEl('title', {}, `${timeText(from)}: ${valueText(value, track.unit)}`));
    picture.append(bar);
  }
  const words = el(
    'div',
    { class: 'name' },
    el('b', {}, track.name),
    el('span', { class: 'dim' }, `up to ${valueText(Math.max(...track.value), track.unit)}`),
  );
  return el('div', { class: 'track' }, words, picture);
}

/** "0:07.5" */
export function timeText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - 60 * minutes).toFixed(1).padStart(4, '0')}`;
}

function valueText(value: number, unit: ReportTrack['unit']): string {
  if (unit === '%') return `${value.toFixed(0)} %`;
  return unit === 'B/s' ? `${bytesText(value)}/s` : `${numberText(value)}/s`;
}
