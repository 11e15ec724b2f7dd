/** `sonde info FILE`: what is in a recording. */
import { collectRecording, EVERYTHING, summarize, summaryText } from '../export/index.ts';
import { openRecording, type RecordingInfo } from '../recording/index.ts';
import { type Command, JSON_OPTION } from './command.ts';
import { OK } from './exit-codes.ts';
import { bytesText, clockText } from './quantities.ts';

export const info: Command = {
  name: 'info',
  summary: 'Show what is in a recording.',
  words: ['FILE'],
  options: [JSON_OPTION],
  details: ['Reads the whole file, and says so if something of it is missing.'],
  async run(given) {
    const reader = await openRecording(given.words[0] ?? '');
    try {
      const summary = summarize(await collectRecording(reader.batches(), { filter: EVERYTHING }));
      const { info: about, warning } = reader;
      return {
        exitCode: OK,
        text: `${infoText(about)}\n${summaryText(summary)}`,
        json: { recording: about, summary },
        warning,
      };
    } finally {
      await reader.close();
    }
  },
};

function infoText(about: RecordingInfo): string {
  const { file, bytes, formatVersion, sondeVersion, destination, startedMs, seconds, records, complete } = about;
  return [
    `${file}: ${bytesText(bytes)}, format ${formatVersion}, Sonde ${sondeVersion || '?'}`,
    `recorded from ${destination || '?'} at ${new Date(startedMs).toISOString()}, ${clockText(seconds)}`,
    complete
      ? `${records ?? 'unknown number of'} records, complete`
      : 'without its end: the recording was cut short or still goes on',
    '',
  ].join('\n');
}
