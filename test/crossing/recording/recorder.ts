/**
 * Records a window each 50 ms until it is killed, and says after each how far it is (ms of device time); `full` when the
 * disk is. `ballast`: bytes of a note with each, which hardly get smaller by compressing.
 */
import { randomBytes } from 'node:crypto';
import { createRecording } from '../../../electron/recording/index.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';

const [file = '', ballast = '0'] = process.argv.slice(2);
const writer = await createRecording(file, {
  destination: 'edge-box',
  hostname: 'edge-box',
  sondeVersion: '0.1.0',
  onFault: () => void process.stdout.write('full\n'),
});
const [device, definitions, window] = framesFromSignals(signalsFromStacks('nginx;main;loop;read_[k] 3')).filter(
  ({ body }) => body.case === 'device' || body.case === 'definitions' || body.case === 'window',
);
if (!device || !definitions || window?.body.case !== 'window') throw new Error('the fixture has changed');
writer.append(device);
writer.append(definitions);
const startedMs = performance.now();
const { value } = window.body;
value.toNs = 0n;
setInterval(() => {
  const ms = performance.now() - startedMs;
  value.fromNs = value.toNs;
  value.toNs = BigInt(Math.round(ms * 1e6) + 1);
  writer.append(window);
  for (const note of ballastAt(ms * 1e6)) writer.append(note);
  if (!writer.fault) process.stdout.write(`${ms}\n`);
}, 50);

function ballastAt(atNs: number) {
  const text = randomBytes(Number(ballast)).toString('base64');
  return text === '' ? [] : framesFromSignals([{ kind: 'note', atNs: Math.round(atNs), text }]);
}
