/** Durations and sizes as people write and read them. */
import { raise } from '../../remote-agent/protocol/index.ts';

export { bytesText } from '../export/index.ts';

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** "20s", "1.5m", "1h30m", "500ms", "20" (seconds). */
export function parseDurationMs(text: string, option: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  if (!isWhole)
    raise('config-invalid', `cannot understand ${option} ${text}`, 'Write a duration such as 20s, 5m or 1h30m.');
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (MS_PER_UNIT[unit ?? 's'] ?? 1000), 0);
}

/** "3:07", "1:02:03" */
export function clockText(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** "100MB", "1.5 GB", "64KiB", "262144"; with `perSecond` also "5MB/s". Whole bytes. */
export function parseBytes(text: string, option: string, perSecond = false): number {
  const [, number = '', unit = ''] =
    /^(\d+(?:\.\d+)?)\s*([kKMG]?i?)B?$/.exec(perSecond ? text.replace(/\/s$/, '') : text) ?? [];
  const factor = BYTES_PER_UNIT[unit === 'K' ? 'k' : unit];
  if (number === '' || factor === undefined)
    raise(
      'config-invalid',
      `cannot understand ${option} ${text}`,
      `Write a ${perSecond ? 'rate such as 5MB/s or 500kB/s' : 'size such as 100MB or 64KiB'}.`,
    );
  return Math.round(Number(number) * factor);
}
