/**
 * A recording as one HTML file that opens from any disk, without a network: facts, findings, flame graph, system calls and
 * flows, all alive. Its content policy lets nothing run but the script that stands in it here, whatever the data says.
 */
import { createHash } from 'node:crypto';
import reportScript from 'page:report';
import reportStyle from 'page:report-style';
import { collect } from '../collect.ts';
import type { RecordingExporter } from '../exporters.ts';
import { boxRules, type Scheme } from '../flame/colours.ts';
import { escapeMarkup } from '../markup.ts';
import { summaryText } from '../summary/summary-text.ts';
import { ReportCollector } from './report-collector.ts';
import type { ReportData } from './report-data.ts';

export const html: RecordingExporter = {
  of: 'recording',
  format: 'html',
  title: 'Report that opens in any browser, offline',
  extension: '.html',
  needs: null,
  async open(batches, options) {
    const { filter, marks } = options;
    const data = await collect(batches(), options, (about) => new ReportCollector(about, filter, marks));
    const { flame, calls, flows } = data;
    const counts = { boxes: flame.parent.length, calls: calls.rows.length, flows: flows.rows.length };
    return { pieces: pieces(data), counts };
  },
};

function* pieces(data: ReportData): Generator<string, void, void> {
  const style = `${rules('light')}@media (prefers-color-scheme:dark){${rules('dark')}}${reportStyle}`;
  yield head(titleOf(data), style);
  // Where no script may run, the same in words.
  yield `<body><main id="report"><noscript><pre>${escapeMarkup(summaryText(data.summary))}</pre></noscript></main>\n`;
  yield `<script type="application/json" id="data">${embedded(data)}</script>\n`;
  yield `<script>${reportScript}</script>\n</body>\n</html>\n`;
}

function rules(scheme: Scheme): string {
  return boxRules(scheme, 'background-color');
}

function head(title: string, style: string): string {
  const policy = `default-src 'none'; script-src ${sourceOf(reportScript)}; style-src ${sourceOf(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
`;
}

function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Nothing in it can end the element that it stands in. */
function embedded(data: ReportData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}

function titleOf({ summary, startMs }: ReportData): string {
  const when = startMs === null ? '' : `, ${new Date(startMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `Sonde: ${summary.device.hostname || 'recording'}${when}`;
}
