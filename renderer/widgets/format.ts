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
  const digits = Math.round(count).toString();
  return digits.length < 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** "950", "1.2k", "20k", "3M": for axes, where every digit costs room. */
export function formatShort(count: number): string {
  if (count < 1000) return `${Number(count.toPrecision(3))}`;
  const [divisor, unit] = count < 999_500 ? [1e3, 'k'] : count < 999.5e6 ? [1e6, 'M'] : [1e9, 'G'];
  return `${Number((count / divisor).toPrecision(count / divisor < 10 ? 2 : 3))}${unit}`;
}

/** Events per second: "0.05", "3.2", "48", "1 204". What is not zero is never shown as zero. */
export function formatRate(perSecond: number): string {
  if (perSecond <= 0) return '0';
  if (perSecond < 0.01) return '< 0.01';
  if (perSecond < 0.995) return perSecond.toFixed(2);
  return perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(perSecond);
}

const NS_UNITS = ['ns', 'µs', 'ms', 's'];

/** "850 ns", "12.4 µs", "1.20 ms", "3.41 s", "2 min 05 s". Figures: 2 for what is only known to within a power of two. */
export function formatNs(ns: number, figures: 2 | 3 = 3): string {
  if (ns >= 99.95e9) return formatDuration(ns / 1e9);
  let value = ns;
  let unit = 0;
  while (Number(value.toPrecision(figures)) >= 1000 && unit < NS_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value.toFixed(0) : fixed(value, figures)} ${NS_UNITS[unit] ?? ''}`;
}

/** "8.2–16.4 µs", "512–1024 ns": both in the unit of the first, because they are read as one thing. */
export function formatNsRange(fromNs: number, toNs: number): string {
  let unit = 0;
  let divisor = 1;
  while (fromNs / divisor >= 1000 && unit < NS_UNITS.length - 1) {
    divisor *= 1000;
    unit++;
  }
  return `${shortNumber(fromNs / divisor)}–${shortNumber(toNs / divisor)} ${NS_UNITS[unit] ?? ''}`;
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
  return timeOfDay(monotonicNs / 1e6 + wallOffsetMs);
}

/** The same to the millisecond: "14:02:11.482". */
export function formatDeviceInstant(monotonicNs: number, wallOffsetMs: number | null): string {
  // Whole milliseconds first, so that both parts are of the same second.
  const ms = Math.floor(monotonicNs / 1e6 + (wallOffsetMs ?? 0));
  const time = wallOffsetMs === null ? formatStopwatch(ms / 1000) : timeOfDay(ms);
  return `${time}.${(ms - Math.floor(ms / 1000) * 1000).toString().padStart(3, '0')}`;
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

function timeOfDay(wallMs: number): string {
  const date = new Date(wallMs);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

function startOfDay(wallMs: number): number {
  const date = new Date(wallMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Trailing zeros stay: in a column they say how much is known. */
function fixed(value: number, figures: number): string {
  const rounded = Number(value.toPrecision(figures));
  const digitsBefore = Math.floor(Math.log10(Math.max(rounded, 1))) + 1;
  return rounded.toFixed(Math.max(0, figures - digitsBefore));
}

function shortNumber(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : String(Number(value.toFixed(value < 0.995 ? 2 : 1)));
}

function threeFigures(value: number, whole: boolean): string {
  if (whole || value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}
