/** Where names of addresses stand: in the box's own /etc/hosts, and in that of each container whose processes are seen. */
import { lstatSync } from 'node:fs';
import { readLink } from '../proc/procfs.ts';

const OWN_FILE = '/etc/hosts';
/** Looked at each time: a link of each process, a file of each container. */
const MAX_PROCESSES = 512;
const MAX_CONTAINERS = 32;

/** The box's own comes first. What a service merely sees through a mount of its own is the same file, and is not told. */
export function hostsPaths(procRoot: string, pids: Iterable<number>): readonly string[] {
  const paths = [OWN_FILE];
  const seen = new Set([namespaceOf(procRoot, 'self')]);
  const files = new Set([identityOf(OWN_FILE)]);
  let looked = 0;
  for (const pid of pids) {
    if (++looked > MAX_PROCESSES || paths.length > MAX_CONTAINERS) break;
    const namespace = namespaceOf(procRoot, pid);
    if (namespace === '' || seen.has(namespace)) continue;
    seen.add(namespace);
    const path = `${procRoot}/${pid}/root${OWN_FILE}`;
    const file = identityOf(path);
    if (file === '' || files.has(file)) continue;
    files.add(file);
    paths.push(path);
  }
  return paths;
}

function namespaceOf(procRoot: string, pid: number | 'self'): string {
  return readLink(`${procRoot}/${pid}/ns/mnt`)?.toString('latin1') ?? '';
}

/** '' where it is none: a link would lead out of the container, into the box's own files. */
function identityOf(path: string): string {
  try {
    if (!lstatSync(path.slice(0, path.lastIndexOf('/'))).isDirectory()) return '';
    const stat = lstatSync(path);
    return stat.isFile() ? `${stat.dev} ${stat.ino}` : '';
  } catch {
    return ''; // the process is gone, or its image has no such file
  }
}
