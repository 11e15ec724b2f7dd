/** A redacted recording as a file: whole or not there, on the same time axis, with its marks. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { REDACTION_PRESETS, rulesOf } from '../../../electron/bridge/redaction.ts';
import { openRecording, writeMarks } from '../../../electron/recording/index.ts';
import { previewRedaction, redactRecording } from '../../../electron/redact/index.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { readBack, record, temporaryFolder } from '../recording/helpers.ts';

const STRICT = rulesOf(REDACTION_PRESETS.strict.hides);
const STARTED_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

async function made(): Promise<{ folder: string; recording: string; file: string }> {
  const folder = temporaryFolder();
  const recording = path.join(folder, 'edge-box.sonde.mcap');
  // Two runs of the agent, the second an hour later by the device's clock and after a boot.
  const first = signalsFromStacks('nginx;main 3\nsh;main 1 @1', { hostname: 'edge-box', realtimeMs: 0 });
  const second = signalsFromStacks('nginx;main 2', { hostname: 'edge-box', realtimeMs: 3_600_000, startNs: 5e9 });
  let calls = 0;
  await record(recording, [...first, ...second], {
    now: () => (calls++ < first.length ? STARTED_MS : STARTED_MS + 3_600_000),
  });
  await writeMarks(recording, [{ id: 'x', fromNs: 1000e9, toNs: 1001e9, text: 'edge-box is slow', by: 'user' }]);
  return { folder, recording, file: path.join(folder, 'out.sonde.mcap') };
}

test('the same signals but for the names, on the same axis, with its marks', async () => {
  const { recording, file } = await made();
  const report = await redactRecording({ recording, file, rules: STRICT });
  expect(report.warning).toBeNull();
  const [before, after] = await Promise.all([readBack(recording), readBack(file)]);
  expect(after).toMatchObject({ warning: null, complete: true });
  expect(after.signals.map(({ kind }) => kind)).toEqual(before.signals.map(({ kind }) => kind));
  const windows = (signals: typeof before.signals) => signals.filter(({ kind }) => kind === 'window');
  expect(windows(after.signals)).toEqual(windows(before.signals));
  const [old, young] = await Promise.all([openRecording(recording), openRecording(file)]);
  expect(young.info).toMatchObject({ startedMs: STARTED_MS, hostname: 'device-1', destination: 'root@device-1' });
  expect(young.info.clock).toEqual(old.info.clock);
  expect(await young.marks()).toEqual([{ id: 'mark-1', fromNs: 1000e9, toNs: 1001e9, text: 'note 1', by: 'user' }]);
  await Promise.all([old.close(), young.close()]);
});

test('a file that is there is replaced; the recording itself never', async () => {
  const { recording, file } = await made();
  const original = readFileSync(recording);
  writeFileSync(file, 'old');
  await redactRecording({ recording, file, rules: STRICT });
  expect((await readBack(file)).complete).toBe(true);
  await expect(redactRecording({ recording, file: recording, rules: STRICT })).rejects.toThrow('it is the recording');
  expect(readFileSync(recording).equals(original)).toBe(true);
});

test('what is stopped or cannot be written leaves nothing', async () => {
  const { folder, recording, file } = await made();
  for (const after of [0, 0.2, 0.6]) {
    const stop = new AbortController();
    const onProgress = (progress: number): void => {
      if (progress >= after) stop.abort();
    };
    await expect(redactRecording({ recording, file, rules: STRICT, stop: stop.signal, onProgress })).rejects.toThrow(
      'was stopped',
    );
    await expect(previewRedaction(recording, STRICT, { stop: stop.signal })).rejects.toThrow('was stopped');
  }
  await expect(
    redactRecording({ recording, file: path.join(folder, 'none', 'x.sonde.mcap'), rules: STRICT }),
  ).rejects.toThrow('cannot create recording');
  expect(readdirSync(folder)).toEqual(['edge-box.sonde.mcap']);
});
