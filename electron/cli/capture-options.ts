/** Options of `sonde capture`, and what they mean. */
import path from 'node:path';
import { raise } from '../../remote-agent/protocol/index.ts';
import {
  ANY_INTERFACE,
  CAPTURE_EXTENSION,
  type CaptureRequest,
  MAX_RATE_BYTES,
  MAX_RATE_PACKETS,
  SNAP_BYTES,
} from '../capture/index.ts';
import { deviceFileName } from '../recording/index.ts';
import type { Arguments, OptionHelp } from './command.ts';
import { parseBytes, parseDurationMs } from './quantities.ts';

/** A twentieth of a gigabit: enough for what people look at, little enough for a link and a small processor. */
const DEFAULT_RATE = '5MB/s';
/** Wireshark opens it in seconds. */
const DEFAULT_MAX_SIZE = '1GB';
const OFF = 'off';
const STDOUT = '-';

export const CAPTURE_OPTIONS: readonly OptionHelp[] = [
  { name: 'filter', value: 'FILTER', help: "What to take, in pcap syntax: 'tcp port 1883'. Default: everything." },
  { name: 'interface', value: 'NAME', help: `One interface of the device, such as eth0. Default: ${ANY_INTERFACE}.` },
  { name: 'snap', value: 'BYTES', help: `Cut packets after so many bytes. Default: ${SNAP_BYTES.max}.` },
  { name: 'for', value: 'TIME', help: 'How long, such as 20s or 5m. Default: until Ctrl-C.' },
  {
    name: 'max-size',
    value: 'SIZE',
    help: `End when the file would get larger, such as 100MB; ${OFF}: never. Default: ${DEFAULT_MAX_SIZE}, to stdout ${OFF}.`,
  },
  {
    name: 'rate-limit',
    value: 'RATE',
    help: `Leave out, and count, what is above; ${OFF}: nothing. Default: ${DEFAULT_RATE}.`,
  },
  { name: 'packet-limit', value: 'NUMBER', help: 'The same for packets a second, such as 2000. Default: no limit.' },
  { name: 'include-own', value: null, help: "Sonde's own SSH connection as well." },
  {
    name: 'output',
    short: 'o',
    value: 'FILE',
    help: `The file, which must not exist yet; - is stdout. Default: HOSTNAME-DATE-TIME${CAPTURE_EXTENSION} here.`,
  },
];

export function captureRequest(given: Arguments): CaptureRequest {
  return {
    filter: given.value('filter') ?? '',
    interface: given.value('interface') ?? ANY_INTERFACE,
    snapBytes: snapOf(given),
    rateBytes: rateOf(given),
    ratePackets: packetRateOf(given),
    includeOwn: given.has('include-own'),
  };
}

export function durationOf(given: Arguments): number | null {
  const text = given.value('for');
  return text === null ? null : parseDurationMs(text, '--for');
}

export function maxSizeOf(given: Arguments): number | null {
  const text = given.value('max-size') ?? (isToStdout(given) ? OFF : DEFAULT_MAX_SIZE);
  return text === OFF ? null : parseBytes(text, '--max-size');
}

export function isToStdout(given: Arguments): boolean {
  return given.value('output') === STDOUT;
}

export function captureFileName(given: Arguments, cwd: string, hostname: string): string {
  return path.resolve(cwd, given.value('output') ?? deviceFileName(hostname, new Date(), CAPTURE_EXTENSION));
}

function snapOf(given: Arguments): number {
  const text = given.value('snap');
  const bytes = text === null ? SNAP_BYTES.max : parseBytes(text, '--snap');
  if (bytes < SNAP_BYTES.min || bytes > SNAP_BYTES.max)
    raise('config-invalid', `--snap must lie between ${SNAP_BYTES.min} and ${SNAP_BYTES.max} bytes, not ${text}`);
  return bytes;
}

function rateOf(given: Arguments): number | null {
  const text = given.value('rate-limit') ?? DEFAULT_RATE;
  if (text === OFF) return null;
  const rate = parseBytes(text, '--rate-limit', true);
  if (rate < 1 || rate > MAX_RATE_BYTES)
    raise(
      'config-invalid',
      `--rate-limit must lie between 1 B/s and ${MAX_RATE_BYTES / 1e6} MB/s, not ${text}`,
      `Without a limit: --rate-limit ${OFF}`,
    );
  return rate;
}

function packetRateOf(given: Arguments): number | null {
  const text = given.value('packet-limit');
  if (text === null || text === OFF) return null;
  const rate = /^\d+(\/s)?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (!(rate >= 1 && rate <= MAX_RATE_PACKETS))
    raise(
      'config-invalid',
      `--packet-limit must be a number from 1 to ${MAX_RATE_PACKETS} packets a second, not ${text}`,
      `Without a limit: --packet-limit ${OFF}`,
    );
  return rate;
}
