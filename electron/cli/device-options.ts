/** Options of every command that goes to a device, and what becomes of them. */
import type { SshTarget } from '../ssh/index.ts';
import { JSON_OPTION, type Arguments, type OptionHelp } from './command.ts';

export const DEVICE_OPTIONS: readonly OptionHelp[] = [
  {
    name: 'identity',
    short: 'i',
    value: 'KEY',
    multiple: true,
    help: 'Private key file to try first. May be repeated.',
  },
  {
    name: 'known-hosts',
    value: 'FILE',
    help: 'Known host keys, instead of ~/.ssh/known_hosts. Accepted keys are added there.',
  },
  {
    name: 'accept-host-key',
    value: 'SHA256:…',
    help: 'Accept an unknown host key if it has exactly this fingerprint.',
  },
  JSON_OPTION,
];

export const DEVICE_DETAILS: readonly string[] = [
  'HOST is [user@]host[:port], an IPv6 address in brackets, or a Host of ~/.ssh/config.',
  'Passwords are asked for on the terminal, never given on the command line. Without a terminal, use keys or an SSH',
  'agent, or name a program that asks in SSH_ASKPASS.',
];

export function sshTarget(given: Arguments): SshTarget {
  const acceptHostKey = given.value('accept-host-key');
  return {
    destination: given.words[0] ?? '',
    identityFiles: given.values('identity'),
    knownHostsFile: given.value('known-hosts'),
    ...(acceptHostKey === null ? {} : { acceptHostKey }),
  };
}
