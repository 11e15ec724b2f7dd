/** What a cgroup path says about who runs there: container and systemd unit. Pure text work. */

const SHORT_ID_LENGTH = 12;
const HEX_ID = /(?:^|[/:.-])([0-9a-f]{64})(?:\.scope|\.service)?(?:$|\/)/;
/** Names that people gave: LXC, LXD/Incus, systemd-nspawn, podman's and docker's pods are hex ids instead. */
const NAMED = [
  /\/lxc(?:\.payload)?[./]([^/]+)/,
  /\/machine\.slice\/machine-([^/]+)\.scope/,
  /\/systemd-nspawn@([^/]+)\.service/,
];
const UNIT = /^.+\.(?:service|scope|socket|mount|swap|timer)$/;

/** Short id as `docker ps` shows it, or the container's name; '' on the host. */
export function containerOf(cgroup: string): string {
  // The innermost id: a container in a pod, a container in a container.
  let id = '';
  for (let rest = cgroup, match = HEX_ID.exec(rest); match; match = HEX_ID.exec(rest)) {
    id = match[1] ?? '';
    rest = rest.slice(match.index + match[0].length - 1);
  }
  if (id) return id.slice(0, SHORT_ID_LENGTH);
  for (const pattern of NAMED) {
    const name = pattern.exec(cgroup)?.[1];
    if (name) return name;
  }
  return '';
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
