/** `sonde remove HOST`: ends and deletes everything of Sonde on a device, and looks again. */
import type { FoundUnattended, RemoveReport } from '../device/index.ts';
import type { Command } from './command.ts';
import { DEVICE_DETAILS, DEVICE_OPTIONS } from './device-options.ts';
import { NOT_CLEAN, OK } from './exit-codes.ts';
import { bytesText } from './quantities.ts';
import { withDevice } from './with-device.ts';

export const remove: Command = {
  name: 'remove',
  summary: 'Take everything of Sonde away from a device.',
  words: ['HOST'],
  options: DEVICE_OPTIONS,
  details: [
    'Also ends agents that are working just now for others who log in as you do, and deletes what the device',
    'has recorded by itself and nobody has fetched. What other users have there stays.',
    ...DEVICE_DETAILS,
  ],
  async run(given, world) {
    return withDevice(given, world, async ({ ssh, facts, ask, signal, progress }) => {
      const root = await world.rooms.becomeRoot(ssh, facts, ask, { signal });
      const unattended = await world.rooms.listUnattended(root, { signal });
      progress.show('removing');
      const report = await world.rooms.remove(root, { signal });
      const { killed, removed, others, left } = report;
      const isClean = left.processes.length === 0 && left.paths.length === 0;
      return {
        exitCode: isClean ? OK : NOT_CLEAN,
        text: reportText(report, unattended, isClean),
        json: {
          clean: isClean,
          killed,
          removed,
          others,
          left,
          unattended: unattended.map(({ id, bytes }) => ({ id, bytes })),
        },
      };
    });
  },
};

function reportText(
  { killed, removed, others, left }: RemoveReport,
  unattended: readonly FoundUnattended[],
  isClean: boolean,
): string {
  const lines = [
    ...killed.map(({ pid, command }) => `ended    ${pid} ${command}`),
    ...unattended.map(({ id, bytes }) => `deleted  the unattended recording ${id}, ${bytesText(bytes)}`),
    ...removed.map((path) => `removed  ${path}`),
    ...others.map((path) => `kept     ${path}, which is of another user`),
    ...left.processes.map((process) => `STILL RUNNING  ${process}`),
    ...left.paths.map((path) => `STILL THERE    ${path}`),
  ];
  if (!isClean) return [...lines, 'Something of Sonde is left on the device.'].join('\n');
  return [
    ...lines,
    lines.length === 0
      ? 'There was nothing of Sonde on the device.'
      : others.length > 0
        ? 'Nothing of yours is left on the device.'
        : 'Nothing of Sonde is left on the device.',
  ].join('\n');
}
