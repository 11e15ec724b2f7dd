/** Numbers as an engineer reads them: three figures, decimal units, a space before the unit. */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${threeFigures(value, unit === 0)} ${BYTE_UNITS[unit] ?? ''}`;
}

export function formatBytesPerSecond(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** "12 345": thin spaces keep long counts readable. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A share 0..1. What is not zero is never shown as zero, and what is not all never as all. */
export function formatShare(share: number): string {
  if (share <= 0) return '0 %';
  const percent = share * 100;
  if (percent < 0.01) return '< 0.01 %';
  if (share < 1 && percent > 99.9) return '> 99.9 %';
  return `${percent < 1 ? percent.toFixed(2) : threeFigures(percent, false)} %`;
}

/** Percent of one core; may pass 100. */
export function formatCores(percent: number): string {
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** "850 ms", "12.4 s", "3 min 05 s", "2 h 14 min", "12 d 3 h" */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** A running clock: "0:07", "12:30", "1:02:03" */
export function formatStopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(whole % 60)}`;
}

/** Time of day at a point of the device's monotonic clock; seconds since its start where its wall clock is not known. */
export function formatDeviceTime(monotonicNs: number, wallOffsetMs: number | null): string {
  if (wallOffsetMs === null) return formatStopwatch(monotonicNs / 1e9);
  const date = new Date(monotonicNs / 1e6 + wallOffsetMs);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** "today 14:03", "yesterday 09:12", "3 May 2024" */
export function formatWhen(wallMs: number, nowMs: number): string {
  const then = new Date(wallMs);
  const time = `${pad(then.getHours())}:${pad(then.getMinutes())}`;
  const days = Math.round((startOfDay(nowMs) - startOfDay(wallMs)) / 86_400_000);
  if (days === 0) return `today ${time}`;
  if (days === 1) return `yesterday ${time}`;
  return `${then.getDate()} ${MONTHS[then.getMonth()] ?? ''} ${then.getFullYear()}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Last part of a path of any system. */
export function fileName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

function startOfDay(wallMs: number): number {
  const date = new Date(wallMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function threeFigures(value: number, whole: boolean): string {
  if (whole || value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}
