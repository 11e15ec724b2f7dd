/** What a recording says of itself, without its Signals. */
import { hasMcapPrefix, MCAP_MAGIC, Opcode } from '@mcap/core';
import { raise, safeText, TEXT } from '../../remote-agent/protocol/index.ts';
import type { BlockReader } from './block-reader.ts';
import { Cursor } from './cursor.ts';
import { parseRecordingFileName } from './file-name.ts';
import { ABOUT, CLOCK, FORMAT_VERSION, SCHEMA_PREFIX } from './format.ts';
import { readSummary } from './summary.ts';
import { walk } from './walk.ts';

export interface RecordingInfo {
  readonly file: string;
  readonly bytes: number;
  readonly formatVersion: number;
  /** The Sonde that wrote it; '' if not known. */
  readonly sondeVersion: string;
  readonly destination: string;
  readonly hostname: string;
  /** Workstation's clock. */
  readonly startedMs: number;
  /** From the first record to the last. */
  readonly seconds: number;
  /** false: the end of the data is missing: the workstation was killed, or is still recording. */
  readonly complete: boolean;
  /** Who wrote or writes it: writer-mark.ts. */
  readonly writer: string;
  /** Put in order: tidy.ts. */
  readonly tidied: boolean;
  /** null where the index is missing. */
  readonly records: number | null;
  /** The same moment on the device's monotonic clock and the workstation's; null for a file without a timed record. */
  readonly clock: { readonly deviceMonotonicNs: number; readonly workstationMs: number } | null;
}

const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;
/** What stands before the first chunk of a recording takes 12 KB; a summary's schemas stand before its indexes. */
const SEARCHED_LENGTH = 1 << 20;
const MAX_METADATA_LENGTH = 1 << 16;
const OTHER_FILE = 'Sonde opens files that it recorded itself (.sonde.mcap).';

/** Raises `bad-recording` for anything that is no recording of Sonde. */
export async function readInfo(file: BlockReader, path: string): Promise<RecordingInfo> {
  const magic = await file.read(0, MCAP_MAGIC.length);
  if (file.length === 0)
    raise(
      'bad-recording',
      `cannot open ${path}: the file is empty`,
      'The workstation stopped before anything was recorded.',
    );
  if (!hasMcapPrefix(new DataView(magic.buffer, magic.byteOffset, magic.byteLength)))
    raise('bad-recording', `cannot open ${path}: not an MCAP file`, OTHER_FILE);
  if (!(await mentionsSonde(file)))
    raise('bad-recording', `cannot open ${path}: an MCAP file, but not one of Sonde's`, OTHER_FILE);
  const metadata = await readFront(file);
  const about = metadata.get(ABOUT) ?? new Map<string, string>();
  const statistics = (await readSummary(file))?.statistics ?? null;
  const times = statistics ? { ...statistics, complete: true } : await scan(file);
  const tidied = about.has('tidied');
  const startedMs = Date.parse(about.get('started') ?? '');
  return {
    file: path,
    bytes: file.length,
    formatVersion: versionOf(about.get('formatVersion')),
    sondeVersion: safeText(about.get('sondeVersion') ?? '', TEXT.short),
    destination: safeText(about.get('destination') ?? '', TEXT.short),
    hostname: safeText(
      about.get('hostname') || parseRecordingFileName(path.replace(/^.*[/\\]/, ''))?.hostname || '',
      TEXT.short,
    ),
    startedMs: Number.isFinite(startedMs) ? startedMs : Number(times.firstNs) / NS_PER_MS,
    seconds: Number(times.lastNs - times.firstNs) / NS_PER_MS / MS_PER_SECOND,
    complete: times.complete && about.get('endMissing') !== 'true',
    writer: safeText(about.get('writer') ?? '', TEXT.short),
    tidied,
    records: tidied ? countOf(about.get('tidied')) : (statistics?.messages ?? null),
    clock: clockOf(metadata.get(CLOCK)),
  };
}

/**
 * Schemas stand uncompressed at the beginning and again at the end; other tools that rewrite a recording may leave only
 * the second. Looked for as bytes, because damage may hide the records around them.
 */
async function mentionsSonde(file: BlockReader): Promise<boolean> {
  const ends = [0, Math.max(0, file.length - SEARCHED_LENGTH)];
  for (const offset of ends) {
    const bytes = await file.read(offset, SEARCHED_LENGTH);
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(SCHEMA_PREFIX)) return true;
  }
  return false;
}

type Texts = ReadonlyMap<string, string>;

/** The metadata before the first chunk, by name. */
async function readFront(file: BlockReader): Promise<ReadonlyMap<string, Texts>> {
  const metadata = new Map<string, Texts>();
  for await (const step of walk(file, MCAP_MAGIC.length)) {
    if (step.kind !== 'record') break;
    if (step.opcode !== Opcode.METADATA) continue;
    const cursor = new Cursor((await file.read(step.offset, Math.min(step.length, MAX_METADATA_LENGTH))).slice());
    try {
      const name = cursor.text();
      if (!metadata.has(name)) metadata.set(name, cursor.texts());
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // damaged: without it less is known, that is all
    }
  }
  return metadata;
}

/** Where there is no index: times from the heads of the chunks, and whether the data has its end. */
async function scan(file: BlockReader): Promise<{ firstNs: bigint; lastNs: bigint; complete: boolean }> {
  let firstNs: bigint | null = null;
  let lastNs = 0n;
  let complete = false;
  for await (const step of walk(file, MCAP_MAGIC.length)) {
    if (step.kind === 'end') complete = true;
    if (step.kind !== 'chunk') continue;
    firstNs ??= step.head.firstNs;
    if (step.head.lastNs > lastNs) lastNs = step.head.lastNs;
  }
  return { firstNs: firstNs ?? 0n, lastNs, complete };
}

function countOf(text: string | undefined): number | null {
  const count = text ? Number(text) : Number.NaN;
  return Number.isSafeInteger(count) && count >= 0 ? count : null;
}

function versionOf(text: string | undefined): number {
  const version = Number(text);
  return Number.isInteger(version) && version > 0 ? version : FORMAT_VERSION;
}

function clockOf(anchor: Texts | undefined): RecordingInfo['clock'] {
  const deviceMonotonicNs = Number(anchor?.get('deviceMonotonicNs') ?? Number.NaN);
  const workstationMs = Number(anchor?.get('workstationNs') ?? Number.NaN) / NS_PER_MS;
  return Number.isFinite(deviceMonotonicNs) && Number.isFinite(workstationMs)
    ? { deviceMonotonicNs, workstationMs }
    : null;
}
