// CPU time of a process and all its children, from /proc: says what drawing costs however busy the machine is.
import { readdirSync, readFileSync } from 'node:fs';

const NS_PER_MS = 1e6;

/** Milliseconds since their start; null where there is no /proc. */
export function cpuTimeMs(root) {
  if (process.platform !== 'linux') return null;
  return familyOf(root).reduce((sum, pid) => sum + ownTimeMs(pid), 0);
}

function familyOf(root) {
  const children = new Map();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = parentOf(name);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  return family;
}

/** null: it has ended since it was listed. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null; // Processes come and go while one reads.
  }
}

function ownTimeMs(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const ns = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return ns.reduce((sum, each) => sum + each, 0) / NS_PER_MS;
  } catch {
    return 0; // As above.
  }
}
