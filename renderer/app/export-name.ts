import type { ExportFormat, ExportKind } from '../../electron/bridge/contract.ts';

const ENDINGS: Record<ExportFormat, string> = {
  csv: 'csv',
  firefox: 'firefox.json.gz',
  folded: 'folded',
  html: 'html',
  json: 'json',
  jsonl: 'jsonl',
  parquet: 'parquet',
  perfetto: 'trace.json',
  png: 'png',
  pprof: 'pb.gz',
  speedscope: 'speedscope.json',
  svg: 'svg',
};

/**
 * "gateway-7 2026-05-03 14-02-11.folded", "gateway-7 2026-05-03 14-02-11 slow.csv": sorts by time, and no character that
 * some file system refuses.
 */
export function suggestedExportName(hostname: string, startedMs: number, { format, table }: ExportKind): string {
  return `${stem(hostname, startedMs)}${table === null ? '' : ` ${table}`}.${ENDINGS[format]}`;
}

/** "gateway-7 2026-05-03 14-02-11.pcapng" */
export function suggestedCaptureName(hostname: string, startedMs: number): string {
  return `${stem(hostname, startedMs)}.pcapng`;
}

/** "redacted 2026-05-03 14-02-11.sonde.mcap" */
export function suggestedShareName(startedMs: number): string {
  return suggestedRecordingName('redacted', startedMs);
}

/** "gateway-7 2026-05-03 14-02-11.sonde.mcap" */
export function suggestedRecordingName(hostname: string, startedMs: number): string {
  return `${stem(hostname, startedMs)}.sonde.mcap`;
}

function stem(hostname: string, startedMs: number): string {
  const host = hostname.replace(/[^\w.-]+/g, '_').slice(0, 64) || 'device';
  const at = new Date(startedMs);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}-${two(at.getMinutes())}-${two(at.getSeconds())}`;
  return `${host} ${date} ${time}`;
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}
