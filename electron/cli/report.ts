/** `sonde report FILE`: a recording as one page that opens in any browser, offline. */
import { raise } from '../../remote-agent/protocol/index.ts';
import { findExporter } from '../export/index.ts';
import { type Arguments, type Command, JSON_OPTION, type Result } from './command.ts';
import { OK } from './exit-codes.ts';
import { outputOf, writeExport } from './export.ts';
import { FILTER_OPTIONS, filterOf } from './export-filter.ts';
import { withRecording } from './foreign.ts';
import { bytesText } from './quantities.ts';
import { REDACT_OPTIONS, withRedaction } from './redact-stage.ts';
import type { World } from './world.ts';

export const report: Command = {
  name: 'report',
  summary: 'Make a page of a recording that opens in any browser, offline.',
  words: ['FILE'],
  options: [
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      help: 'Where to write it; - is stdout. Default: beside the recording.',
    },
    ...FILTER_OPTIONS,
    ...REDACT_OPTIONS,
    JSON_OPTION,
  ],
  details: [
    'What stands out, load and rates over time, flame graph, system calls, network flows, marks, and what the device is,',
    'what was lost and what observing cost. The file needs no network and asks nobody for anything.',
    'The same as sonde export --format html.',
  ],
  run: (given, world) => withRecording(given.words[0] ?? '', (recording) => reportOf(recording, given, world)),
};

async function reportOf(recording: string, given: Arguments, world: World): Promise<Result> {
  const exporter = findExporter('html') ?? raise('bad-option', 'cannot make a report: there is no such format');
  const output = await outputOf(given, recording, '.html');
  const toStdout = output === '-';
  if (toStdout && given.json)
    raise('config-invalid', 'cannot write both the report and JSON to stdout', 'Name a file with -o.');
  const options = await withRedaction(given, recording, await filterOf(given, recording));
  const { bytes, warning } = await writeExport(recording, exporter, toStdout ? null : output, options, world);
  return {
    exitCode: OK,
    text: toStdout ? '' : `${output}: ${bytesText(bytes)}`,
    json: { file: output, bytes },
    warning,
  };
}
