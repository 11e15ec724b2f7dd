/** `sonde import FILE`: what another profiler wrote as a recording. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { importedName, importRecording } from '../import/index.ts';
import { type Command, JSON_OPTION } from './command.ts';
import { OK } from './exit-codes.ts';
import { bytesText } from './quantities.ts';

export const importCommand: Command = {
  name: 'import',
  summary: "Make a recording of another profiler's file.",
  words: ['FILE'],
  options: [
    { name: 'output', short: 'o', value: 'FILE', help: 'Where to write it. Default: beside the file, as .sonde.mcap.' },
    JSON_OPTION,
  ],
  details: [
    'FILE is the text that perf script prints, folded stacks, a pprof profile or a speedscope file; what it is, is seen',
    'from what is in it. info, export, report and diff take such files as they are. With perf:',
    '  perf script --header -F comm,pid,tid,cpu,time,period,event,ip,sym,dso > perf.txt',
    'Times come with perf script only, so only there are a time axis and a heat map.',
  ],
  async run(given, world) {
    const source = given.words[0] ?? '';
    const file = given.value('output') ?? path.join(path.dirname(source), importedName(source));
    const stop = new AbortController();
    const off = world.onInterrupt(() => stop.abort());
    try {
      await importRecording(source, file, stop.signal);
    } finally {
      off();
    }
    const { size } = await stat(file);
    return { exitCode: OK, text: `${file}: ${bytesText(size)}`, json: { file, bytes: size } };
  },
};
