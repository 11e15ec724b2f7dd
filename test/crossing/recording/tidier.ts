/** Puts a recording in order until it is killed, and says when it begins. */
import { tidyRecording } from '../../../electron/recording/index.ts';

const [file = ''] = process.argv.slice(2);
process.stdout.write('0\n');
await tidyRecording(file);
