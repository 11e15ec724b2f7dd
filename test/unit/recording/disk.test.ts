import path from 'node:path';
import { expect, test } from 'vitest';
import { createRecording } from '../../../electron/recording/index.ts';
import { createOutputFile, type OutputFile } from '../../../electron/recording/output-file.ts';
import type { Fault } from '../../../remote-agent/protocol/index.ts';
import { framesFromSignals } from '../../fixtures/frames.ts';
import { signalsFromStacks } from '../../fixtures/signals.ts';
import { OPTIONS, readBack, temporaryFolder } from './helpers.ts';

/** A real file on a disk that is full after `room` bytes. */
async function fullAfter(room: number, file: string): Promise<OutputFile> {
  const output = await createOutputFile(file);
  return {
    get length() {
      return output.length;
    },
    write: async (piece) => {
      if (output.length + piece.length > room)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      await output.write(piece);
    },
    sync: () => output.sync(),
    close: () => output.close(),
  };
}

const STACKS = Array.from({ length: 40 }, (_, second) => `nginx;main;step_${second} 2 @${second}`).join('\n');

test('a full disk ends the recording with a fault; what is there opens', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  const faults: Fault[] = [];
  const signals = signalsFromStacks(STACKS);
  const writer = await createRecording(file, {
    ...OPTIONS,
    onFault: (fault) => faults.push(fault),
    createFile: (path) => fullAfter(12_000, path),
  });
  for (const frame of framesFromSignals(signals)) {
    writer.append(frame);
    if (frame.body.case === 'window') await writer.flush();
  }
  await writer.close();
  expect(faults).toHaveLength(1);
  expect(writer.fault).toMatchObject({
    code: 'file-io',
    message: `cannot go on recording ${file}: the disk is full`,
    hint: expect.stringContaining('free some space'),
  });
  const back = await readBack(file);
  expect(back.signals.length).toBeGreaterThan(10);
  expect(back.signals).toEqual(signals.slice(0, back.signals.length));
});

test('a disk that has room again gets an index for what was written', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  let room = 10_000;
  const output = createOutputFile(file);
  const createFile = async (): Promise<OutputFile> => {
    const real = await output;
    return Object.create(real, {
      length: { get: () => real.length },
      write: {
        value: async (piece: Uint8Array) => {
          if (real.length + piece.length > room) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
          await real.write(piece);
        },
      },
    }) as OutputFile;
  };
  const writer = await createRecording(file, { ...OPTIONS, createFile });
  for (const frame of framesFromSignals(signalsFromStacks(STACKS))) {
    writer.append(frame);
    if (frame.body.case === 'window') await writer.flush();
  }
  expect(writer.fault).not.toBeNull();
  room = Number.POSITIVE_INFINITY;
  await writer.close();
  const { complete, warning } = await readBack(file);
  expect({ complete, warning }).toEqual({ complete: true, warning: null });
});

test('a disk that is full from the start', async () => {
  const file = path.join(temporaryFolder(), 'a.sonde.mcap');
  await expect(createRecording(file, { ...OPTIONS, createFile: (path) => fullAfter(100, path) })).rejects.toMatchObject(
    { fault: { code: 'file-io' } },
  );
});
