/** From what the user typed to the hosts to log in to: jump hosts in order, the destination last. */
import { join } from 'node:path';
import { raise } from '../../remote-agent/protocol/fault.ts';
import { readHostSettings } from './config-file.ts';
import { parseDestination, parsePort } from './destination.ts';
import type { Hop, IdentityFile } from './hop.ts';
import { knownHostName } from './known-hosts.ts';
import { defaultPlaces } from './places.ts';
import { expandTokens, firstOf, type HostSettings, isYes, listOf } from './settings.ts';
import type { SshPlaces, SshTarget } from './target.ts';

/** More than this is a loop in the configuration. */
const MAX_JUMPS = 8;
/** In the order of preference; the names ssh-keygen gives them. */
const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

type Log = (line: string) => void;
type Expand = (text: string) => string;

export async function resolveRoute(target: SshTarget, log: Log): Promise<Hop[]> {
  const places = { ...defaultPlaces(), ...target.places };
  const first = await resolveHop(target.destination, target, places, log);
  const hops = [{ ...first.hop, acceptHostKey: target.acceptHostKey ?? null }];
  let jumps = first.jumps;
  for (let via = jumps.pop(); via !== undefined; via = jumps.pop()) {
    if (hops.length > MAX_JUMPS)
      raise('config-invalid', `cannot reach ${target.destination}: more than ${MAX_JUMPS} jump hosts, probably a loop`);
    const { hop, jumps: own } = await resolveHop(via, target, places, log);
    hops.unshift(hop);
    // Only the first of a chain is reached as its own section says: the others are reached through the one before.
    if (jumps.length === 0) jumps = own;
  }
  return hops;
}

async function resolveHop(
  destination: string,
  target: SshTarget,
  places: SshPlaces,
  log: Log,
): Promise<{ hop: Hop; jumps: string[] }> {
  const typed = parseDestination(destination);
  const settings = await readHostSettings(places, typed.host, typed.user, log);
  const hostName = (firstOf(settings, 'hostname') ?? typed.host).replace(/%h/g, typed.host).replace(/%%/g, '%');
  const port = typed.port ?? parsePort(firstOf(settings, 'port') ?? '22', `Port of ${typed.host}`);
  const user = typed.user ?? firstOf(settings, 'user') ?? places.user;
  const tokens = { home: places.home, host: hostName, name: typed.host, port, user, local: places.user };
  const expand: Expand = (text) => expandTokens(text, tokens);
  const ownKnownHosts = userKnownHosts(settings, target, places, expand);
  const hop: Hop = {
    host: typed.host,
    hostName,
    port,
    user,
    identityFiles: identities(settings, target, places, expand),
    identitiesOnly: isYes(settings, 'identitiesonly'),
    agentSocket: agentSocket(settings, places, expand),
    userKnownHostsFiles: ownKnownHosts,
    knownHostsFiles: [...ownKnownHosts, ...globalKnownHosts(settings, places)],
    addHostKeyTo: ownKnownHosts[0] ?? null,
    hashKnownHosts: isYes(settings, 'hashknownhosts'),
    knownHostName: firstOf(settings, 'hostkeyalias')?.toLowerCase() ?? knownHostName(hostName, port),
    acceptHostKey: null,
  };
  return { hop, jumps: jumpsOf(settings, typed.host) };
}

function jumpsOf(settings: HostSettings, host: string): string[] {
  const jump = listOf(settings, 'proxyjump').join(',');
  if (jump.toLowerCase() === 'none') return [];
  if (jump !== '') return jump.split(',').map((each) => each.trim());
  const command = listOf(settings, 'proxycommand').join(' ').trim();
  if (command === '' || command.toLowerCase() === 'none') return [];
  return raise(
    'config-invalid',
    `cannot reach ${host}: its section of the SSH configuration has a ProxyCommand, and Sonde runs no commands of it`,
    `Use ProxyJump instead, or write “ProxyCommand none” for ${host}.`,
  );
}

function identities(settings: HostSettings, target: SshTarget, places: SshPlaces, expand: Expand): IdentityFile[] {
  const given: IdentityFile[] = target.identityFiles.map((path) => ({ path: expand(path), from: 'given' }));
  const configured: IdentityFile[] = listOf(settings, 'identityfile')
    .filter((path) => path.toLowerCase() !== 'none')
    .map((path) => ({ path: expand(path), from: 'config' }));
  const defaults: IdentityFile[] = DEFAULT_KEYS.map((name) => ({
    path: join(places.home, '.ssh', name),
    from: 'default',
  }));
  const all = [...given, ...configured, ...(listOf(settings, 'identityfile').length > 0 ? [] : defaults)];
  return all.filter((each, index) => all.findIndex((other) => other.path === each.path) === index);
}

function userKnownHosts(settings: HostSettings, target: SshTarget, places: SshPlaces, expand: Expand): string[] {
  if (target.knownHostsFile !== null) return [expand(target.knownHostsFile)];
  const configured = listOf(settings, 'userknownhostsfile');
  if (configured.length > 0) return configured.filter((file) => !isNowhere(file)).map(expand);
  return [join(places.home, '.ssh', 'known_hosts'), join(places.home, '.ssh', 'known_hosts2')];
}

function globalKnownHosts(settings: HostSettings, places: SshPlaces): string[] {
  const configured = listOf(settings, 'globalknownhostsfile');
  return configured.length > 0 ? configured.filter((file) => !isNowhere(file)) : [places.systemKnownHostsFile];
}

/** How people switch off host-key files. Here it only means that nothing is kept, never that nothing is checked. */
function isNowhere(file: string): boolean {
  return file.toLowerCase() === 'none' || file === '/dev/null';
}

function agentSocket(settings: HostSettings, places: SshPlaces, expand: Expand): string {
  const configured = firstOf(settings, 'identityagent');
  if (configured === null || configured === 'SSH_AUTH_SOCK') return places.agentSocket;
  return configured.toLowerCase() === 'none' ? '' : expand(configured);
}
