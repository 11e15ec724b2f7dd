/** From what the user typed to the hosts to log in to: jump hosts in order, the destination last. */
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { raise } from '../../remote-agent/protocol/fault.ts';
import { type HostSettings, readHostSettings } from './config-file.ts';
import { parseDestination, parsePort } from './destination.ts';
import type { Hop, IdentityFile } from './hop.ts';
import { knownHostName } from './known-hosts.ts';
import type { SshPlaces, SshTarget } from './target.ts';

/** More than this is a loop in the configuration. */
const MAX_JUMPS = 8;
/** In the order of preference; the names ssh-keygen gives them. */
const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

export function defaultPlaces(environment: NodeJS.ProcessEnv = process.env): SshPlaces {
  const home = homedir();
  const windows = process.platform === 'win32';
  const systemDir = windows ? join(environment['ProgramData'] ?? 'C:\\ProgramData', 'ssh') : '/etc/ssh';
  return {
    home,
    user: localUser(environment),
    configFile: join(home, '.ssh', 'config'),
    systemConfigFile: join(systemDir, 'ssh_config'),
    systemKnownHostsFile: join(systemDir, 'ssh_known_hosts'),
    agentSocket: environment['SSH_AUTH_SOCK'] ?? (windows ? '\\\\.\\pipe\\openssh-ssh-agent' : ''),
  };
}

export async function resolveRoute(target: SshTarget, log: (line: string) => void): Promise<Hop[]> {
  const places = { ...defaultPlaces(), ...target.places };
  const hops: Hop[] = [];
  let jumps: string[] = [];
  for (let destination: string | undefined = target.destination; destination !== undefined; destination = jumps.pop()) {
    if (hops.length > MAX_JUMPS) raise('config-invalid', `cannot reach ${target.destination}: more than ${MAX_JUMPS} jump hosts`);
    const isTarget = hops.length === 0;
    const { hop, jump } = await resolveHop(destination, target, places, isTarget, log);
    hops.unshift(hop);
    // A jump host of the target is reached through what ITS section says only where it is the first of the chain.
    if (isTarget || jumps.length === 0) jumps = jump;
  }
  return hops;
}

async function resolveHop(destination: string, target: SshTarget, places: SshPlaces, isTarget: boolean, log: (line: string) => void): Promise<{ hop: Hop; jump: string[] }> {
  const typed = parseDestination(destination);
  const settings = await readHostSettings(places, typed.host, typed.user, log);
  const hostName = (one(settings, 'hostname') ?? typed.host).replace(/%h/g, typed.host).replace(/%%/g, '%');
  const port = typed.port ?? (one(settings, 'port') === null ? 22 : parsePort(one(settings, 'port') ?? '', `Port of ${typed.host}`));
  const user = typed.user ?? one(settings, 'user') ?? places.user;
  const expand = (text: string) => expandTokens(text, { home: places.home, host: hostName, name: typed.host, port, user, local: places.user });
  const knownHostsFiles = userKnownHosts(settings, isTarget ? target : { ...target, knownHostsFile: target.knownHostsFile }, places, expand);
  const hop: Hop = {
    host: typed.host,
    hostName,
    port,
    user,
    identityFiles: identities(settings, target, places, expand),
    identitiesOnly: yes(settings, 'identitiesonly'),
    agentSocket: agentSocket(settings, places, expand),
    knownHostsFiles: [...knownHostsFiles, ...globalKnownHosts(settings, places)],
    addHostKeyTo: knownHostsFiles[0] ?? null,
    hashKnownHosts: yes(settings, 'hashknownhosts'),
    knownHostName: one(settings, 'hostkeyalias')?.toLowerCase() ?? knownHostName(hostName, port),
    // The fingerprint was given for the device itself: a jump host has a key of its own.
    acceptHostKey: isTarget ? (target.acceptHostKey ?? null) : null,
  };
  return { hop, jump: jumpsOf(settings, typed.host) };
}

function jumpsOf(settings: HostSettings, host: string): string[] {
  const jump = list(settings, 'proxyjump').join(',');
  if (jump !== '' && jump.toLowerCase() !== 'none') return jump.split(',').map((each) => each.trim());
  const command = list(settings, 'proxycommand').join(' ');
  if (command !== '' && command.toLowerCase() !== 'none') {
    raise('config-invalid', `cannot reach ${host}: its section of the SSH configuration has a ProxyCommand, which Sonde does not run`, `Write ProxyJump instead, or override it with ProxyCommand none for ${host}.`);
  }
  return [];
}

function identities(settings: HostSettings, target: SshTarget, places: SshPlaces, expand: (text: string) => string): IdentityFile[] {
  const given: IdentityFile[] = target.identityFiles.map((path) => ({ path: expand(path), from: 'given' }));
  const configured: IdentityFile[] = list(settings, 'identityfile')
    .filter((path) => path.toLowerCase() !== 'none')
    .map((path) => ({ path: expand(path), from: 'config' }));
  const defaults: IdentityFile[] = DEFAULT_KEYS.map((name) => ({ path: join(places.home, '.ssh', name), from: 'default' }));
  const all = [...given, ...configured, ...(configured.length > 0 ? [] : defaults)];
  return all.filter((each, index) => all.findIndex((other) => other.path === each.path) === index);
}

function userKnownHosts(settings: HostSettings, target: SshTarget, places: SshPlaces, expand: (text: string) => string): string[] {
  if (target.knownHostsFile !== null) return [expand(target.knownHostsFile)];
  const configured = list(settings, 'userknownhostsfile');
  if (configured.length > 0) return configured.filter((file) => !isNowhere(file)).map(expand);
  return [join(places.home, '.ssh', 'known_hosts'), join(places.home, '.ssh', 'known_hosts2')];
}

function globalKnownHosts(settings: HostSettings, places: SshPlaces): string[] {
  const configured = list(settings, 'globalknownhostsfile');
  return configured.length > 0 ? configured.filter((file) => !isNowhere(file)) : [places.systemKnownHostsFile];
}

/** How people switch off host-key files; here it only means that nothing is kept, never that nothing is checked. */
function isNowhere(file: string): boolean {
  return file.toLowerCase() === 'none' || file === '/dev/null';
}

function agentSocket(settings: HostSettings, places: SshPlaces, expand: (text: string) => string): string {
  const configured = one(settings, 'identityagent');
  if (configured === null || configured === 'SSH_AUTH_SOCK') return places.agentSocket;
  return configured.toLowerCase() === 'none' ? '' : expand(configured);
}

interface Tokens {
  readonly home: string;
  readonly host: string;
  readonly name: string;
  readonly port: number;
  readonly user: string;
  readonly local: string;
}

/** The tokens of ssh_config(5) that make sense in file names, `~` and `${VARIABLE}`. */
function expandTokens(text: string, tokens: Tokens): string {
  const values: Record<string, string> = { '%': '%', d: tokens.home, h: tokens.host, n: tokens.name, p: String(tokens.port), r: tokens.user, u: tokens.local };
  return text
    .replace(/^~(?=$|[/\\])/, tokens.home)
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => process.env[name] ?? whole)
    .replace(/%(.)/g, (whole, letter: string) => values[letter] ?? whole);
}

function list(settings: HostSettings, key: string): readonly string[] {
  const value = settings[key];
  return value === undefined ? [] : typeof value === 'string' ? value.split(/\s+/).filter((part) => part !== '') : value;
}

function one(settings: HostSettings, key: string): string | null {
  const value = settings[key];
  return (typeof value === 'string' ? value : value?.[0]) ?? null;
}

function yes(settings: HostSettings, key: string): boolean {
  return one(settings, key)?.toLowerCase() === 'yes';
}

function localUser(environment: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return environment['USER'] ?? environment['USERNAME'] ?? 'root'; // a user id without a name, as in containers
  }
}
