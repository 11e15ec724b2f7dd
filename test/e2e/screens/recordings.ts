// What the library lists and what a preview of redaction tells, made up.
import type { Library, LibraryEntry } from '../../../electron/bridge/library.ts';
import type { RedactionKind, RedactionPreview, RedactionRules } from '../../../electron/bridge/redaction.ts';
import { seededRandom } from '../../fixtures/random.ts';

const HOUR_MS = 3_600_000;
const FOLDER = '/home/mara/.config/Sonde/recordings';

export const EMPTY_LIBRARY: Library = { folder: FOLDER, recordings: [], rules: { maxBytes: null, maxDays: null } };

const DEVICES = ['gateway-7', 'press-line-3', 'camera-east', 'pump-station-north'];
const PROCESSES = ['mosquitto', 'modbusd', 'ffmpeg', 'python3'];
const NOTES = ['', '', '', 'valve stuck, before the restart', '', 'after the update to 2.4', '', ''];

/** Made up, but always the same. */
export function libraryOf(count: number): Library {
  const random = seededRandom(11);
  const recordings = Array.from({ length: count }, (_, i): LibraryEntry => {
    const which = Math.floor(random() * DEVICES.length);
    const hostname = DEVICES[which] ?? '';
    const startedMs = Date.now() - HOUR_MS * (0.3 + i * 7.3);
    const seconds = Math.round(20 + random() ** 6 * 80_000);
    const file = `${FOLDER}/${hostname}-${20260000 + i}-090000.sonde.mcap`;
    return {
      file,
      bytes: Math.round(seconds * 42_000 * (0.5 + random())),
      modifiedMs: startedMs,
      note: NOTES[i % NOTES.length] ?? '',
      isKept: i % 9 === 3,
      isOpen: i === 0,
      about: {
        kind: 'read',
        hostname,
        destination: `root@192.168.1.${20 + which}`,
        startedMs,
        seconds,
        isComplete: i % 13 !== 6,
        probes: i % 3 === 0 ? ['cpu-profile'] : ['cpu-profile', 'net-flows', 'syscalls'],
        processes: [PROCESSES[which] ?? '', 'kworker/0:1', 'sshd'],
        topShare: 0.2 + random() * 0.6,
        lost: i % 5 === 2 ? Math.round(random() * 4000) : 0,
        marks: i % 7 === 1 ? ['broker restarted by hand'] : [],
      },
    };
  });
  const [, second, third] = recordings;
  if (second) recordings[1] = { ...second, about: { kind: 'waiting' } };
  if (third)
    recordings[2] = {
      ...third,
      note: '',
      about: {
        kind: 'unreadable',
        message: `cannot open ${third.file}: not an MCAP file`,
        hint: 'Sonde opens files that it recorded itself (.sonde.mcap).',
      },
    };
  return { folder: FOLDER, recordings, rules: { maxBytes: null, maxDays: null } };
}

const FOUND: readonly (readonly [RedactionKind, number, string, string])[] = [
  ['host', 3, 'gateway-7', 'device-1'],
  ['addresses', 41, '192.168.1.20', '10.1.1.1'],
  ['dns', 12, 'mqtt.cloud.plant.example', 'name-3.name-2.name-1.example'],
  ['users', 2, 'mara', 'user-1'],
  ['processes', 38, 'mosquitto', 'process-1'],
  ['containers', 9, 'mosquitto.service', 'unit-1.service'],
  ['arguments', 38, '/usr/sbin/mosquitto -c /etc/mosquitto/mosquitto.conf', '/usr/sbin/process-1 …'],
  ['paths', 212, '/opt/plant/lib/libmodbus.so.5', '/opt/dir-1/lib/file-4.so.5'],
  ['hardware', 5, 'Raspberry Pi Compute Module 4', ''],
  ['symbols', 1840, '_ZN6modbus5crc16EPKhm', 'function-1'],
];

export function previewOf(rules: RedactionRules): RedactionPreview {
  return {
    rules,
    kinds: FOUND.map(([kind, count, before, after]) => ({
      kind,
      count,
      samples: [{ before, after: rules[kind] ? after : before }],
    })),
  };
}
