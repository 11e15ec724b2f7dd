/** What a cgroup path says about who runs there: container and systemd unit. Pure text work. */

export const SHORT_ID_LENGTH = 12;
const HEX_ID = /(?:^|[/:.-])([0-9a-f]{64})(?:\.scope|\.service)?(?:$|\/)/;
/** Names that people gave: LXC, LXD/Incus, systemd-nspawn, podman's and docker's pods are hex ids instead. */
const NAMED = [
  /\/lxc(?:\.payload)?[./]([^/]+)/,
  /\/machine\.slice\/machine-([^/]+)\.scope/,
  /\/systemd-nspawn@([^/]+)\.service/,
];
const UNIT = /^.+\.(?:service|scope|socket|mount|swap|timer)$/;

/** The innermost id, all of it: a container in a pod, a container in a container. '' where there is none. */
export function containerIdOf(cgroup: string): string {
  let id = '';
  for (let rest = cgroup, match = HEX_ID.exec(rest); match; match = HEX_ID.exec(rest)) {
    id = match[1] ?? '';
    rest = rest.slice(match.index + match[0].length - 1);
  }
  return id;
}

/** Where the path has the name itself; '' on the host. */
export function namedContainerOf(cgroup: string): string {
  for (const pattern of NAMED) {
    const name = pattern.exec(cgroup)?.[1];
    if (name) return unescaped(name);
  }
  return '';
}

/** systemd writes what a unit's name must not have as \x2d. */
function unescaped(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** The innermost unit; '' where there is none. */
export function unitOf(cgroup: string): string {
  return cgroup.split('/').findLast((part) => UNIT.test(part)) ?? '';
}

/** From /proc/PID/cgroup: the path of the unified hierarchy; where that is empty, systemd's own or the longest other. */
export function cgroupPathOf(text: string): string {
  let unified = '';
  let systemd = '';
  for (const line of text.split('\n')) {
    const [hierarchy, controllers = '', ...path] = line.split(':');
    if (hierarchy === '0') unified = path.join(':');
    else if (controllers === 'name=systemd') systemd = path.join(':');
  }
  return unified.length > 1 || systemd === '' ? unified : systemd;
}
