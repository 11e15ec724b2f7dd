/** `sonde info FILE`: what is in a recording. */
import { collectRecording, EVERYTHING, summarize, summaryText } from '../export/index.ts';
import { openRecording, type RecordingInfo } from '../recording/index.ts';
import { type Command, JSON_OPTION, type Result } from './command.ts';
import { OK } from './exit-codes.ts';
import { withRecording } from './foreign.ts';
import { bytesText, clockText } from './quantities.ts';

export const info: Command = {
  name: 'info',
  summary: 'Show what is in a recording.',
  words: ['FILE'],
  options: [JSON_OPTION],
  details: ['Reads the whole file, and says so if something of it is missing.'],
  run: (given) => withRecording(given.words[0] ?? '', (recording) => infoOf(recording, given.words[0] ?? '')),
};

async function infoOf(recording: string, named: string): Promise<Result> {
  const reader = await openRecording(recording);
  try {
    const summary = summarize(await collectRecording(reader.batches(), { filter: EVERYTHING }));
    const about = { ...reader.info, file: named };
    return {
      exitCode: OK,
      text: `${infoText(about)}\n${summaryText(summary)}`,
      json: { recording: about, summary },
      warning: reader.warning,
    };
  } finally {
    await reader.close();
  }
}

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
