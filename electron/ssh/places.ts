import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { SshPlaces } from './target.ts';

/** Where OpenSSH keeps its files on this machine. */
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

function localUser(environment: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return environment['USER'] ?? environment['USERNAME'] ?? 'root'; // a user id without a name, as in containers
  }
}
