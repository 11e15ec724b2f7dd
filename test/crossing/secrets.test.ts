/** A password on its way through `sonde record`: asked for, used, and found nowhere afterwards. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openRecording } from '../../electron/recording/index.ts';
import { encodeFrame } from '../../remote-agent/protocol/framing.ts';
import { encodeAgentFrame } from '../../remote-agent/protocol/index.ts';
import { framesFromSignals } from '../fixtures/frames.ts';
import { signalsFromStacks } from '../fixtures/signals.ts';
import { agentThat } from './hostile-device.ts';
import { device, folder, sondeAgainst, useHostileDevice } from './hostile-stage.ts';

useHostileDevice();

/** In no program, path or word list. */
const CANARY = 'k4narienv0gel-5f2a';
const FRAMES = framesFromSignals(signalsFromStacks('nginx;main;loop 2\nsh;main 3 @1'))
  .slice(0, -1)
  .map((frame) => encodeFrame(encodeAgentFrame(frame)));

function filesHolding(wanted: string): string[] {
  const forms = [Buffer.from(wanted), Buffer.from(wanted, 'utf16le'), Buffer.from(btoa(wanted))];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile() && forms.some((form) => readFileSync(file).includes(form)));
}

test('it is in no argument, environment, output, file or recording', async () => {
  const askpass = path.join(folder, 'askpass');
  // The program that is asked holds it, and is the only one that may.
  writeFileSync(askpass, `#!/bin/sh\necho ${CANARY}\n`);
  chmodSync(askpass, 0o700);
  device.password = CANARY;
  const ran = await sondeAgainst(
    { agent: agentThat((number) => FRAMES[number] ?? null) },
    {
      words: ['record', '--for', '1s', '-o', 'kept.sonde.mcap'],
      env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' },
    },
  );
  expect(ran.code, ran.err).toBe(0);
  expect(ran.told).toContain('record');
  expect(`${ran.told}${ran.out}${ran.err}`).not.toContain(CANARY);
  expect(filesHolding(CANARY)).toEqual([askpass]);
  const reader = await openRecording(path.join(folder, 'kept.sonde.mcap'));
  const said: string[] = [JSON.stringify(reader.info)];
  for await (const signal of reader.signals()) said.push(JSON.stringify(signal));
  await reader.close();
  expect(said.join('')).toContain('nginx');
  expect(said.join('')).not.toContain(CANARY);
  expect(device.commands.join('')).not.toContain(CANARY);
});
