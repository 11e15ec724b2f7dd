/** Which process writes a recording, so that nobody else moves the file away under it. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** The host's name is nobody's business: only the same one is to be recognised. */
function machine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 12);
}

export function writerMark(): string {
  return `${process.pid}@${machine()}`;
}

/** Of a file without an end. On another machine nobody can tell. '' = an older Sonde, which did not say. */
export function mayBeWrittenBy(mark: string): boolean {
  if (mark === '') return false;
  const [pid = '', where = ''] = mark.split('@');
  return where !== machine() || isAlive(Number(pid));
}

export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
