/** A profile from elsewhere as a recording: what it is, is seen from its first bytes, never from its name. */
import { createReadStream, rmSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { encodeSignal, SONDE_VERSION } from '../../remote-agent/protocol/index.ts';
import { createRecording, fileFault, RECORDING_EXTENSION } from '../recording/index.ts';
import { FoldedReader, isFolded } from './folded.ts';
import { MAX_LINE_LENGTH, MAX_TEXT_BYTES, MAX_WHOLE_BYTES, notUnderstood, tooLarge } from './limits.ts';
import { isPerfScript, PerfScriptReader } from './perf-script.ts';
import { readPprof } from './pprof.ts';
import type { ImportedFacts } from './profile.ts';
import { SignalBuilder } from './signal-builder.ts';
import { readSpeedscope } from './speedscope.ts';

const HEAD_LENGTH = 1 << 16;
const MCAP = Buffer.from([0x89, 0x4d, 0x43, 0x41, 0x50]);
const GZIP = Buffer.from([0x1f, 0x8b]);
const PERF_DATA = Buffer.from('PERFILE2');

export interface OpenedFile {
  /** A recording: the one that was named, or one that was made of it. */
  readonly file: string;
  /** Takes away what was made. */
  close(): Promise<void>;
}

/** A recording stays what it is; anything else is imported into a folder of its own, until it is closed. */
export async function openForeign(file: string): Promise<OpenedFile> {
  if (!(await isForeign(file))) return { file, close: async () => undefined };
  const folder = await mkdtemp(path.join(tmpdir(), 'sonde-import-'));
  // `sonde export perf.txt -o - | head` ends the process wherever it is.
  const atExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', atExit);
  const close = async (): Promise<void> => {
    process.off('exit', atExit);
    await rm(folder, { recursive: true, force: true });
  };
  const made = path.join(folder, importedName(file));
  try {
    await importRecording(file, made);
  } catch (error) {
    await close();
    throw error;
  }
  return { file: made, close };
}

/** perf.txt → perf.sonde.mcap */
export function importedName(file: string): string {
  const name = path.basename(file).replace(/(\.(txt|folded|collapsed|pb|pprof|json|speedscope|gz|perf))+$/i, '');
  return `${name || 'imported'}${RECORDING_EXTENSION}`;
}

/** A file that is no recording; an empty one is a recording that was never begun. Not there: whoever opens it says so. */
export async function isForeign(file: string): Promise<boolean> {
  const head = await headOf(file).catch(() => MCAP);
  return head.length > 0 && !startsWith(head, MCAP);
}

/** Raises `file-io`, `bad-recording` or `bad-option`; then there is no file. */
export async function importRecording(source: string, target: string, stop?: AbortSignal): Promise<void> {
  const builder = new SignalBuilder(source);
  const facts = await read(source, builder, stop);
  if (builder.isEmpty) notUnderstood(source, 'it holds no samples');
  const writer = await createRecording(target, {
    destination: path.basename(source),
    hostname: facts.hostname,
    sondeVersion: SONDE_VERSION,
    ...(facts.startMs === null ? {} : { now: () => facts.startMs ?? 0 }),
  });
  try {
    let seq = 0n;
    for (const signal of builder.signals(facts)) {
      stop?.throwIfAborted();
      writer.append(encodeSignal(signal, ++seq));
      if (signal.kind === 'window') await writer.flush();
    }
    await writer.close();
    if (writer.fault) throw fileFault('cannot import into', target, new Error(writer.fault.message));
  } catch (error) {
    await writer.close();
    await rm(target, { force: true });
    throw error;
  }
}

async function read(source: string, builder: SignalBuilder, stop: AbortSignal | undefined): Promise<ImportedFacts> {
  const head = await headOf(source).catch((error: unknown) => {
    throw fileFault('cannot import', source, error);
  });
  const add = builder.add.bind(builder);
  if (startsWith(head, MCAP)) notUnderstood(source, 'it is a recording already', 'Open it as it is.');
  if (startsWith(head, PERF_DATA))
    notUnderstood(
      source,
      'perf.data can only be read by perf itself',
      'Run perf script -i perf.data > perf.txt where it was recorded, and open perf.txt.',
    );
  if (startsWith(head, GZIP)) return readWhole(source, unpacked(source, await whole(source)), add);
  if (looksLikeText(head) && !/^\s*[{[]/.test(head.toString('utf8'))) return readText(source, head, add, stop);
  return readWhole(source, await whole(source), add);
}

/** JSON or protobuf. */
function readWhole(source: string, bytes: Buffer, add: SignalBuilder['add']): ImportedFacts {
  if (!/^\uFEFF?\s*\{/.test(bytes.subarray(0, 64).toString('utf8'))) return readPprof(source, bytes, add);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return notUnderstood(source, 'it looks like JSON, but is none');
  }
  return readSpeedscope(source, value, add);
}

async function readText(
  source: string,
  head: Buffer,
  add: SignalBuilder['add'],
  stop: AbortSignal | undefined,
): Promise<ImportedFacts> {
  const lines = head.toString('utf8').split(/\r?\n/).slice(0, 500);
  const reader = lines.some(isPerfScript)
    ? new PerfScriptReader(add)
    : lines.some(isFolded)
      ? new FoldedReader(add)
      : notUnderstood(source, 'nothing in it looks like a profile');
  for await (const line of linesOf(source)) {
    stop?.throwIfAborted();
    reader.line(line);
  }
  return reader.finish();
}

async function* linesOf(source: string): AsyncGenerator<string, void, void> {
  const { size } = await stat(source);
  if (size > MAX_TEXT_BYTES) tooLarge(source, 'it is larger than 4 GB');
  let rest = '';
  for await (const piece of createReadStream(source, { encoding: 'utf8' })) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) tooLarge(source, 'it has lines longer than a million characters');
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}

async function whole(source: string): Promise<Buffer> {
  const { size } = await stat(source);
  if (size > MAX_WHOLE_BYTES) tooLarge(source, 'it is larger than 256 MB');
  return readFile(source);
}

function unpacked(source: string, packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: MAX_WHOLE_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      return tooLarge(source, 'it is larger than 256 MB when it is unpacked');
    return notUnderstood(source, 'it is compressed, and damaged');
  }
}

async function headOf(source: string): Promise<Buffer> {
  const handle = await open(source, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_LENGTH), 0, HEAD_LENGTH, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function startsWith(head: Buffer, magic: Buffer): boolean {
  return head.subarray(0, magic.length).equals(magic);
}

/** A NUL, or more control characters than a line has, is in no text that a profiler prints. */
function looksLikeText(head: Buffer): boolean {
  let odd = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (byte < 9) odd++;
  }
  return odd * 100 <= head.length;
}
