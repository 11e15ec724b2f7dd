/** Errors of the file system as Faults: what could not be done with which file, and what to try. */
import { FaultError } from '../../remote-agent/protocol/index.ts';

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'Choose a folder you may write to, or change its permissions.',
  EDQUOT: 'Your disk quota is used up: delete files or record to another place.',
  EEXIST: 'Sonde does not overwrite recordings. Choose another name.',
  EFBIG: 'The file system allows no larger file: record to another place.',
  EISDIR: 'That is a folder. Name a file.',
  ENOENT: 'Check the path.',
  ENOSPC: 'The disk is full: free some space or record to another place.',
  ENOTDIR: 'Check the path: a part of it is not a folder.',
  EROFS: 'The file system is read-only: record to another place.',
};

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'quota exceeded',
  EEXIST: 'the file exists',
  EFBIG: 'the file is too large',
  EISDIR: 'it is a folder',
  ENOENT: 'no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'not a folder',
  EROFS: 'read-only file system',
};

/** `doing`: "cannot create recording". */
export function fileFault(doing: string, file: string, error: unknown): FaultError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const text = error instanceof Error ? error.message : String(error);
  const hint = HINTS[code];
  return new FaultError({
    code: 'file-io',
    message: `${doing} ${file}: ${REASONS[code] ?? text}`,
    ...(hint ? { hint } : {}),
    detail: text,
  });
}
