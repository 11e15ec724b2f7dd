/** Which place becomes the private directory, and in plain words why none can. Pure. */
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { PlaceFacts } from './facts.ts';

/** Log, run directories and one upload in progress beside the files themselves. */
const SLACK_KB = 4 * 1024;
/** A box must keep some memory when files go to a file system in memory. */
const MEMORY_SHARE = 0.5;

export interface SpaceNeed {
  /** Files by name, with the bytes each takes once unpacked. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** The first good place with room, places on disk before those in memory; null = none. */
export function choosePlace(
  places: readonly PlaceFacts[],
  need: SpaceNeed,
  memoryAvailableKb: number,
): PlaceFacts | null {
  const good = places.filter(
    (place) => place.state === 'ok' && missingKb(place, need) <= usableKb(place, memoryAvailableKb),
  );
  return good.find((place) => !place.memory) ?? good[0] ?? null;
}

/** What is there already takes no more room. */
function missingKb(place: PlaceFacts, { files }: SpaceNeed): number {
  const missing = files.filter(({ name, bytes }) => place.files[name] !== bytes);
  if (missing.length === 0) return 0;
  return SLACK_KB + Math.ceil(missing.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
}

function usableKb(place: PlaceFacts, memoryAvailableKb: number): number {
  return place.memory ? Math.min(place.freeKb, memoryAvailableKb * MEMORY_SHARE) : place.freeKb;
}

export function raiseNoPlace(places: readonly PlaceFacts[], need: SpaceNeed): never {
  const needMb = megabytes(SLACK_KB + need.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024);
  const list = places.map((place) => `${place.dir}: ${describePlace(place)}`).join('\n');
  const isFull = places.some((place) => place.state === 'ok' || place.state === 'full');
  if (isFull) {
    const room = places
      .filter((place) => place.state === 'ok' || place.state === 'full')
      .map((place) => `${place.dir} ${megabytes(place.freeKb)}${place.memory ? ' (memory)' : ''}`);
    raise(
      'device-full',
      `cannot put Sonde on the device: it needs ${needMb} and there is ${room.join(', ')}`,
      'Free some space there. With Node 18 or newer installed on the device, Sonde needs only a few MB.',
      list,
    );
  }
  if (places.some((place) => place.state === 'noexec')) {
    const dirs = places.filter((place) => place.state === 'noexec').map((place) => place.dir.replace(/\/[^/]*$/, ''));
    raise(
      'device-noexec',
      `cannot put Sonde on the device: no writable place there may execute programs`,
      `Allow it for one of them: mount -o remount,exec ${dirs[0] ?? '/var'}`,
      list,
    );
  }
  return raise(
    'device-readonly',
    'cannot put Sonde on the device: there is no place it may write to',
    'Make one of these writable: mount -o remount,rw /, or a tmpfs: mkdir -p /run && mount -t tmpfs -o size=128m,mode=755 tmpfs /run',
    list,
  );
}

export function describePlace(place: PlaceFacts): string {
  switch (place.state) {
    case 'ok':
      return `${megabytes(place.freeKb)} free${place.memory ? ', in memory' : ''}`;
    case 'absent':
      return 'its parent directory does not exist';
    case 'readonly':
      return 'cannot be written';
    case 'noexec':
      return 'programs may not be executed there';
    case 'full':
      return 'full';
    case 'foreign':
      return 'it, or a directory above it, belongs to somebody else or is open to others';
  }
}

function megabytes(kb: number): string {
  return kb < 10 * 1024 ? `${(kb / 1024).toFixed(1)} MB` : `${Math.round(kb / 1024)} MB`;
}
