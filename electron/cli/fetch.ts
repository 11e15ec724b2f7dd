/** `sonde fetch HOST`: what a device has recorded by itself becomes a file here. */
import path from 'node:path';
import { type Fault, raise } from '../../remote-agent/protocol/index.ts';
import type { FoundUnattended } from '../device/index.ts';
import { recordingFileName } from '../recording/index.ts';
import type { Arguments, Command, Result } from './command.ts';
import { DEVICE_DETAILS, DEVICE_OPTIONS } from './device-options.ts';
import { OK } from './exit-codes.ts';
import { bytesText, clockText } from './quantities.ts';
import { tableLines } from './text-table.ts';
import { type OpenDevice, withDevice } from './with-device.ts';
import type { World } from './world.ts';

type Root = Awaited<ReturnType<World['rooms']['becomeRoot']>>;

const TABLE_WIDTH = 200;

export const fetchCommand: Command = {
  name: 'fetch',
  summary: 'Bring what a device has recorded by itself, or still has of a session that broke off.',
  words: ['HOST'],
  options: [
    { name: 'list', value: null, help: 'Only say which there are.' },
    { name: 'id', value: 'ID', help: 'Which one. Default: the only one, or the one that has ended last.' },
    {
      name: 'output',
      short: 'o',
      value: 'FILE',
      help: 'The file; it must not exist yet. Default: HOSTNAME-DATE-TIME.sonde.mcap here.',
    },
    {
      name: 'stop',
      value: null,
      help: 'End it first if it still goes on. Without this, what there is so far is fetched and it goes on.',
    },
    { name: 'keep', value: null, help: 'Leave it on the device. Without this it is deleted there once it is here.' },
    { name: 'delete', value: null, help: 'Delete it on the device without fetching it. Needs --id.' },
    ...DEVICE_OPTIONS,
  ],
  details: [
    'A fetch that was cut goes on where it was when it is run again: what has come waits beside FILE.',
    'See sonde record --unattended. A session whose workstation never came back leaves its last minute on the device,',
    'too, with what was seen since the link was cut: it is listed and fetched like one.',
    ...DEVICE_DETAILS,
  ],
  async run(given, world) {
    const modes = ['list', 'delete', 'stop', 'keep'].filter((name) => given.has(name));
    if ((given.has('list') || given.has('delete')) && modes.length > 1)
      raise('config-invalid', `cannot use --${modes[0]} with --${modes[1]}`, 'See sonde help fetch.');
    if (given.has('delete') && !given.has('id'))
      raise('config-invalid', 'say which one to delete', 'sonde fetch HOST --list shows the ids; then add --id ID.');
    return withDevice(given, world, async (device) => {
      const root = await world.rooms.becomeRoot(device.ssh, device.facts, device.ask, { signal: device.signal });
      const all = await world.rooms.listUnattended(root, { signal: device.signal });
      if (given.has('list')) return listed(all);
      const found = chosen(all, given.value('id'));
      return given.has('delete') ? deleted(root, found, device, world) : fetched(root, found, device, given, world);
    });
  },
};

function listed(all: readonly FoundUnattended[]): Result {
  const columns = ['ID', 'STATE', 'TIME', 'SIZE', 'PROBES'].map((head) => ({ head, align: 'left' as const }));
  const rows = all.map((found) => [
    found.id,
    stateText(found),
    clockText(found.status?.seconds ?? 0),
    bytesText(found.bytes),
    [...(found.status?.probes ?? []), ...firingsText(found)].join(', '),
  ]);
  const text =
    all.length === 0 ? 'The device has no recording of its own.' : tableLines(columns, rows, TABLE_WIDTH).join('\n');
  return {
    exitCode: OK,
    text,
    json: { recordings: all.map(({ id, bytes, pid, status }) => ({ id, bytes, running: pid > 0, status })) },
  };
}

/** What it is doing, or why it does nothing any more. */
export function stateText({ pid, status }: FoundUnattended): string {
  if (pid > 0) return status?.state ?? 'starting';
  if (status?.origin === 'session') return `session broke off: ${status.reason}`;
  return status?.state === 'ended' ? `ended: ${status.reason}` : 'cut short (power cut or crash)';
}

function firingsText({ status }: FoundUnattended): string[] {
  return status && status.triggers.length > 0 ? [`${status.firings} triggered by ${status.triggers.join(' or ')}`] : [];
}

function chosen(all: readonly FoundUnattended[], id: string | null): FoundUnattended {
  if (all.length === 0)
    return raise(
      'bad-option',
      'there is nothing to fetch: the device has no recording of its own',
      'Make one: sonde record HOST --unattended --for 2h.',
    );
  if (id === null) return all.findLast(({ pid }) => pid === 0) ?? (all.at(-1) as FoundUnattended);
  return (
    all.find((found) => found.id === id) ??
    raise('bad-option', `the device has no recording ${id}`, `It has ${all.map((found) => found.id).join(', ')}.`)
  );
}

async function deleted(root: Root, found: FoundUnattended, { signal }: OpenDevice, { rooms }: World): Promise<Result> {
  await rooms.stopUnattended(root, found, { signal });
  await rooms.deleteUnattended(root, found, { signal });
  return {
    exitCode: OK,
    text: `deleted ${found.id} (${bytesText(found.bytes)}) on the device`,
    json: { id: found.id, deleted: true },
  };
}

async function fetched(
  root: Root,
  listedOne: FoundUnattended,
  { signal, progress }: OpenDevice,
  given: Arguments,
  world: World,
): Promise<Result> {
  const { rooms, cwd } = world;
  let found = listedOne;
  if (given.has('stop') && found.pid > 0) {
    progress.show('ending it');
    await rooms.stopUnattended(root, found, { signal });
    found = chosen(await rooms.listUnattended(root, { signal }), found.id);
  }
  const output = given.value('output');
  const file = path.resolve(
    cwd,
    output ?? recordingFileName(found.status?.hostname ?? '', new Date(found.status?.startedMs ?? Date.now())),
  );
  const part = path.join(path.dirname(file), `.sonde-fetch-${found.id}.part`);
  const onProgress = (bytes: number) =>
    progress.show(`fetching ${found.id}: ${bytesText(bytes)} of ${bytesText(found.bytes)}`);
  const { bytes, gaps, windows, leftOut } = await rooms.fetchUnattended(root, found, {
    file,
    part,
    destination: given.words[0] ?? '',
    signal,
    onProgress,
  });
  const goesOn = found.pid > 0;
  // What is not in the file is nowhere but there.
  const isDeleted = !goesOn && !given.has('keep') && leftOut === 0;
  if (isDeleted) await rooms.deleteUnattended(root, found, { signal });
  const after = isDeleted
    ? 'it is deleted on the device'
    : goesOn
      ? 'it goes on, on the device'
      : 'it is still on the device';
  const lines = [
    `fetched ${clockText(found.status?.seconds ?? 0)} into ${file} (${bytesText(bytes)}); ${after}`,
    `${stateText(found)}${firingsText(found)
      .map((text) => `; ${text}`)
      .join('')}`,
    ...(found.status?.failures ?? []).map((failure) => `not recorded: ${failure}`),
  ];
  const made = { id: found.id, file, bytes, windows, gaps, leftOut };
  const json = { ...made, deleted: isDeleted, running: goesOn, status: found.status };
  return { exitCode: OK, text: lines.join('\n'), json, warning: missing(gaps, leftOut) };
}

function missing(gaps: number, leftOut: number): Fault | null {
  const what = [
    ...(gaps > 0
      ? [`records are missing in ${gaps} place${gaps === 1 ? '' : 's'}: the device lost power, or its disk is damaged`]
      : []),
    ...(leftOut > 0 ? [`${leftOut} records do not fit to what came before them and are left out`] : []),
  ];
  if (what.length === 0) return null;
  return { code: 'bad-recording', message: what.join('; '), hint: 'Each place is noted in the recording.' };
}
