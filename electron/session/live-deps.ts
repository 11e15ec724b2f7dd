/** The real rooms behind SessionDeps. */
import { mkdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_LEASE_S, FaultError, SONDE_VERSION } from '../../remote-agent/protocol/index.ts';
import { becomeRoot, detect, dial, findArtifacts, install, redial } from '../device/index.ts';
import {
  createRecording,
  RECORDING_EXTENSION,
  type RecordingOptions,
  type RecordingWriter,
  recordingFileName,
} from '../recording/index.ts';
import { connect } from '../ssh/index.ts';
import { demangleSignal } from '../symbols/index.ts';
import { type SessionDeps, SYSTEM_CLOCK } from './deps.ts';

export interface LiveOptions {
  /** Where the loaders and the agent bundle lie. */
  readonly artifactsDir: string;
  /** The recording is made in here under a name of its own; the folder is made if need be. null = nothing is recorded. */
  readonly recordingDir: string | null;
  /** What just happened is kept in here. Default: recordingDir. */
  readonly keepDir?: string;
  /** Exactly this file instead; it must not exist yet. */
  readonly recordingFile: string | null;
  /** How long the agent outlives a cut link. Default 60 s. */
  readonly leaseS?: number;
}

/** Sessions with one device that start in the same second; more is a loop gone wild. */
const MAX_NAMES = 20;

export function liveDeps(options: LiveOptions): SessionDeps {
  const { recordingDir, recordingFile } = options;
  const keepDir = options.keepDir ?? recordingDir;
  return {
    clock: SYSTEM_CLOCK,
    clientVersion: SONDE_VERSION,
    leaseS: options.leaseS ?? DEFAULT_LEASE_S,
    connect,
    detect,
    becomeRoot,
    findArtifacts: (arch) => findArtifacts(options.artifactsDir, arch),
    install,
    dial,
    redial,
    createRecording:
      recordingDir === null
        ? null
        : (about, onFault) =>
            newRecording(recordingDir, recordingFile, { ...about, sondeVersion: SONDE_VERSION, onFault }),
    createKept:
      keepDir === null
        ? null
        : ({ startedMs, ...about }) =>
            newRecording(keepDir, null, { ...about, sondeVersion: SONDE_VERSION, now: () => startedMs }),
    discardRecording: (file) => unlink(file).catch(() => undefined), // gone already is as good
    demangle: demangleSignal,
  };
}

async function newRecording(folder: string, file: string | null, about: RecordingOptions): Promise<RecordingWriter> {
  if (file !== null) return createRecording(file, about);
  await makeFolder(folder);
  const name = recordingFileName(about.hostname, new Date(about.now?.() ?? Date.now()));
  for (let number = 1; ; number++) {
    const numbered =
      number === 1 ? name : `${name.slice(0, -RECORDING_EXTENSION.length)}-${number}${RECORDING_EXTENSION}`;
    try {
      return await createRecording(path.join(folder, numbered), about);
    } catch (error) {
      if (number >= MAX_NAMES || !isTaken(error)) throw error;
    }
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new FaultError({
      code: 'file-io',
      message: `cannot make the folder for recordings: ${(error as Error).message}`,
      hint: 'Free some space, or correct the rights of the folder.',
    });
  }
}

/** A file of that name is there already. */
function isTaken(error: unknown): boolean {
  return (
    error instanceof FaultError &&
    error.fault.code === 'file-io' &&
    /EEXIST/.test(`${error.fault.message} ${error.fault.detail ?? ''}`)
  );
}
