/** Names of recordings: `edge-box-20260102-030405.sonde.mcap`, local time. */
export const RECORDING_EXTENSION = '.sonde.mcap';

const MAX_HOSTNAME = 100;
const NAME = /^(?<hostname>.+)-(?<date>\d{8})-(?<time>\d{6})(?:-\d+)?\.sonde\.mcap$/;

export function recordingFileName(hostname: string, started: Date): string {
  return deviceFileName(hostname, started, RECORDING_EXTENSION);
}

/** The same for what else comes from a device. */
export function deviceFileName(hostname: string, started: Date, extension: string): string {
  // A host name comes from a device: no path, no leading dash or dot.
  const safe =
    hostname
      .replace(/[^\w.-]/g, '_')
      .replace(/^[.-]+/, '')
      .slice(0, MAX_HOSTNAME) || 'device';
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${started.getFullYear()}${two(started.getMonth() + 1)}${two(started.getDate())}`;
  const time = `${two(started.getHours())}${two(started.getMinutes())}${two(started.getSeconds())}`;
  return `${safe}-${date}-${time}${extension}`;
}

/** null where the user chose another name. */
export function parseRecordingFileName(name: string): { readonly hostname: string; readonly startedMs: number } | null {
  const { hostname, date = '', time = '' } = NAME.exec(name)?.groups ?? {};
  if (hostname === undefined) return null;
  const at = (text: string, from: number, length: number): number => Number(text.slice(from, from + length));
  const started = new Date(
    at(date, 0, 4),
    at(date, 4, 2) - 1,
    at(date, 6, 2),
    at(time, 0, 2),
    at(time, 2, 2),
    at(time, 4, 2),
  );
  return { hostname, startedMs: started.getTime() };
}
