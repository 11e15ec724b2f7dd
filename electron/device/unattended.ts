/** Recordings that the device makes by itself: begun, found, read, stopped, deleted. */
import { type Fault, FaultError, raise } from '../../remote-agent/protocol/fault.ts';
import {
  isUnattendedId,
  MAX_UNATTENDED_BYTES,
  parseStatus,
  type UnattendedPlan,
  type UnattendedStatus,
} from '../../remote-agent/protocol/unattended.ts';
import { deviceWords, tellingLine } from './device-words.ts';
import type { Installation } from './install.ts';
import { Patience } from './patience.ts';
import type { Shell } from '../ssh/index.ts';
import { isSafeWord, shCommand } from './script.ts';
import {
  deleteScript,
  EXIT,
  LIST_SCRIPT,
  readScript,
  START_LIMIT_S,
  startScript,
  STATUS_MARK,
  stopScript,
} from './unattended-script.ts';

const TIMEOUT_MS = 60_000;
const MAX_WORDS = 100_000;
/** What one that still goes on may have grown by since it was listed. */
const MAX_GROWN_BYTES = 256 << 20;
/** Beyond what its own script allows it. */
const START_MS = (START_LIMIT_S + 60) * 1000;
/** A link that is almost down brings a packet within this. */
const STALL_MS = 120_000;

/** One that lies on the device, whatever became of it. */
export interface FoundUnattended {
  readonly id: string;
  readonly folder: string;
  /** Of its records, now. */
  readonly bytes: number;
  /** Of the agent that fills it; 0 = none does any more. */
  readonly pid: number;
  /** null: it never came that far, or cannot be read. */
  readonly status: UnattendedStatus | null;
}

export interface UnattendedOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Resolves when its probes have answered; the recording then goes on whatever becomes of the link. */
export async function startUnattended(
  root: Shell,
  installation: Installation,
  plan: UnattendedPlan,
  { signal }: UnattendedOptions = {},
): Promise<UnattendedStatus> {
  const limit = AbortSignal.timeout(START_MS);
  const channel = await root.spawn(startScript(installation, plan.id), {
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  let [out, err] = ['', ''];
  channel.stdout.on('data', (chunk: Buffer) => (out = (out + chunk.toString('utf8')).slice(-MAX_WORDS)));
  channel.stderr.on('data', (chunk: Buffer) => (err = (err + chunk.toString('utf8')).slice(-MAX_WORDS)));
  channel.stdin.end(JSON.stringify(plan));
  const { code } = await channel.exit;
  if (signal?.aborted) raise('cancelled', 'starting the unattended recording was cancelled');
  if (limit.aborted)
    raise('agent-start', `cannot start the unattended recording: no answer within ${START_MS / 1000} s`);
  const status = parseStatus(out.slice(out.indexOf('{')));
  if (code !== 0 || !status) throw new FaultError(notStarted(code, err));
  return status;
}

function notStarted(code: number | null, words: string): Fault {
  const failed = 'cannot start the unattended recording';
  const detail = deviceWords(words);
  const said = tellingLine(words) || 'the device said nothing';
  const more = detail === '' ? {} : { detail };
  if (code === null) return { code: 'link-lost', message: `${failed}: the connection ended`, ...more };
  if (code === EXIT.noFolder)
    return {
      code: /no space/i.test(words) ? 'device-full' : 'device-readonly',
      message: `${failed}: ${said}`,
      ...more,
    };
  if (code === EXIT.agentSilent)
    return { code: 'agent-start', message: `${failed}: its probes did not answer within ${START_LIMIT_S} s`, ...more };
  return { code: 'agent-start', message: `${failed}: ${said}`, ...more };
}

/** Oldest first. */
export async function listUnattended(root: Shell, { signal }: UnattendedOptions = {}): Promise<FoundUnattended[]> {
  const { stdout, stderr } = await root.exec(shCommand(LIST_SCRIPT), { signal, timeoutMs: TIMEOUT_MS });
  const lines = stdout.toString('utf8').split('\n');
  if (!lines.includes('looked'))
    raise(
      'agent-start',
      'cannot look for unattended recordings: the command did not end as it should',
      undefined,
      deviceWords(stderr.toString('utf8')),
    );
  return parseFound(lines);
}

export function parseFound(lines: readonly string[]): FoundUnattended[] {
  const found = lines.flatMap((line, i): FoundUnattended[] => {
    const [, folder = '', bytes = '', pid = ''] = /^flight (\S+) +(\d+) (\d+)$/.exec(line) ?? [];
    const id = folder.slice(folder.lastIndexOf('/') + 1);
    if (!isUnattendedId(id) || !isSafeWord(folder)) return [];
    const next = lines[i + 1] ?? '';
    const status = next.startsWith(STATUS_MARK) ? parseStatus(next.slice(STATUS_MARK.length)) : null;
    return [{ id, folder, bytes: Number(bytes), pid: Number(pid), status: status?.id === id ? status : null }];
  });
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Hands over the bytes of its records from `offset` on, one piece at a time. Raises `link-lost` where they do not all come. */
export async function readUnattended(
  root: Shell,
  { folder, bytes }: FoundUnattended,
  offset: number,
  onPiece: (piece: Buffer) => Promise<void>,
  { signal }: UnattendedOptions = {},
): Promise<void> {
  if (bytes > MAX_UNATTENDED_BYTES)
    raise('out-of-sync', `cannot fetch the recording: the device says it has ${bytes} bytes, more than any may have`);
  const channel = await root.spawn(readScript(folder, offset), { signal });
  let words = '';
  let got = offset;
  const patience = new Patience(STALL_MS, channel.kill);
  channel.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-MAX_WORDS)));
  channel.stdin.end();
  try {
    for await (const piece of channel.stdout) {
      patience.renew();
      got += (piece as Buffer).length;
      if (got > bytes + MAX_GROWN_BYTES)
        raise('out-of-sync', 'cannot fetch the recording: the device sends far more than it said there is');
      await onPiece(piece as Buffer);
    }
  } catch (error) {
    channel.kill();
    if (!isCutStream(error)) throw error; // the link: how much came says so
  }
  const { code } = await channel.exit;
  patience.end();
  if (signal?.aborted) raise('cancelled', 'fetching was cancelled');
  if (code === 0 && got >= bytes) return;
  raise(
    'link-lost',
    `cannot fetch the recording: ${got} of ${bytes} bytes came`,
    'Fetch it again: what is here already is not fetched twice.',
    deviceWords(words),
  );
}

function isCutStream(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Ends one that still goes on, with its last data. */
export async function stopUnattended(
  root: Shell,
  { folder, pid }: FoundUnattended,
  { signal }: UnattendedOptions = {},
): Promise<void> {
  if (pid === 0) return;
  const { code } = await root.exec(stopScript(folder, pid), { signal, timeoutMs: TIMEOUT_MS });
  if (code !== 0)
    raise(
      'agent-start',
      'the unattended recording did not end when it was asked to',
      'sonde remove ends everything on the device.',
    );
}

/** The files. Whoever fills them must have been stopped. */
export async function deleteUnattended(
  root: Shell,
  { folder }: FoundUnattended,
  { signal }: UnattendedOptions = {},
): Promise<void> {
  const { code, stderr } = await root.exec(deleteScript(folder), { signal, timeoutMs: TIMEOUT_MS });
  if (code !== 0)
    raise('device-readonly', `cannot delete ${folder} on the device`, undefined, deviceWords(stderr.toString('utf8')));
}
