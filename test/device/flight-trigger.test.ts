/** An unattended recording by trigger. The box counts instructions: on a busy computer, a burst of CPU is still one there. */
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Box, bootBox } from './box/boot.mjs';
import { signalsOf, windowsOf } from './flight-checks.ts';
import { buildProgram, deviceNowNs, type SondeProgram } from './sonde-program.ts';

const BUILD_AND_BOOT_MS = 900_000;

let box: Box;
let program: SondeProgram;
beforeAll(async () => {
  program = await buildProgram();
  box = await bootBox({ variant: 'node', icount: true });
}, BUILD_AND_BOOT_MS);
afterAll(async () => {
  await box?.stop();
  program?.dispose();
});

const sonde = (command: string, ...words: readonly string[]) =>
  program.sonde(command, ...program.device(box), ...words);

test(
  'keeps what is around a burst of CPU',
  async () => {
    const words = ['--for', '1h', '--trigger', 'cpu>85% for 2s', '--before', '5s', '--after', '5s'];
    await sonde('record', '--unattended', ...words);
    // Starting it is such a burst, too; after it the trigger is quiet for half a minute.
    await new Promise((resolve) => setTimeout(resolve, 40_000));
    const beforeNs = await deviceNowNs(box);
    await box.ssh('timeout 6 sh -c "while :; do :; done"; true');
    const file = path.join(program.folder, 'burst.mcap');
    expect(await sonde('fetch', '--stop', '-o', file)).toContain('triggered by cpu>85% for 2s');
    const signals = await signalsOf(file);
    const fired = signals.find(
      (signal) => signal.kind === 'note' && signal.trigger !== undefined && signal.atNs > beforeNs,
    );
    expect(fired).toMatchObject({ trigger: 'cpu>85% for 2s', text: expect.stringMatching(/: \d+ %$/) });
    const atNs = fired?.kind === 'note' ? fired.atNs : 0;
    const windows = windowsOf(signals, 'cpu-profile');
    expect(
      windows.some(({ fromNs }) => fromNs < atNs - 1e9),
      'before it',
    ).toBe(true);
    expect(
      windows.some(({ toNs }) => toNs > atNs),
      'after it',
    ).toBe(true);
  },
  BUILD_AND_BOOT_MS,
);
