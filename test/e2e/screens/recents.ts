// Devices and recordings that the first screen lists.
import type { RecentDevice, RecentRecording } from '../../../electron/bridge/contract.ts';
import { RECORDING } from './views.ts';

const HOUR_MS = 3_600_000;

export const DEVICES: readonly RecentDevice[] = [
  {
    destination: 'mara@192.168.1.20',
    identityFiles: [],
    lastUsedMs: Date.now() - HOUR_MS,
    hostname: 'gateway-7',
    osName: 'Debian GNU/Linux 12 (bookworm)',
  },
  {
    destination: 'root@press-line-3.plant.example:2222',
    identityFiles: [],
    lastUsedMs: Date.now() - 26 * HOUR_MS,
    hostname: 'press-line-3',
    osName: 'Poky (Yocto Project Reference Distro) 4.0',
  },
  { destination: 'camera-east', identityFiles: [], lastUsedMs: Date.now() - 900 * HOUR_MS, hostname: '', osName: '' },
];

export const RECORDINGS: readonly RecentRecording[] = [
  { file: RECORDING.file, hostname: 'gateway-7', startedMs: Date.now() - HOUR_MS, bytes: 1_834_000 },
  {
    file: '/home/mara/Sonde/press-line-3 2026-05-02 09-12-44.mcap',
    hostname: 'press-line-3',
    startedMs: Date.now() - 26 * HOUR_MS,
    bytes: 48_200_000,
  },
];
