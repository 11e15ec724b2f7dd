/** sudo's own words → a fault. */
import type { Fault } from '../../remote-agent/protocol/fault.ts';
import { safeText } from '../../remote-agent/protocol/text.ts';

const MAX_DETAIL = 1000;

/** `answered`: how many passwords were given. */
export function sudoRefusal(words: string, who: string, answered: number): Fault {
  const detail = safeText(words.replace(/\s+/g, ' '), MAX_DETAIL);
  const failed = `cannot get root's rights as ${who}`;
  if (/must have a tty|requiretty/i.test(words)) {
    return {
      code: 'no-sudo',
      message: `${failed}: sudo there only works on a terminal`,
      hint: `Add “Defaults:${who} !requiretty” to the sudoers file (visudo), or log in as root.`,
      detail,
    };
  }
  if (/not in the sudoers|may not run|not allowed to (?:execute|run)/i.test(words)) return notAllowed(who, detail);
  if (/not found|no such file/i.test(words) && answered === 0) return noSudo(who, detail);
  if (answered > 0) {
    return {
      code: 'sudo-password',
      message: `${failed}: sudo did not accept the password`,
      hint: "sudo wants this user's own password on the device, not root's.",
      detail,
    };
  }
  return {
    code: 'no-sudo',
    message: `${failed}: sudo did not ask for a password and did not run the command`,
    hint: `Try by hand on the device: sudo true. ${HINT_ALLOW(who)}`,
    detail,
  };
}

export function noSudo(who: string, detail = ''): Fault {
  return {
    code: 'no-sudo',
    message: `cannot get root's rights as ${who}: there is no sudo on the device`,
    hint: 'Log in as root (root@host), or install sudo and allow this user to use it. Tracing programs need root.',
    ...(detail ? { detail } : {}),
  };
}

export function notAllowed(who: string, detail = ''): Fault {
  return {
    code: 'no-sudo',
    message: `cannot get root's rights as ${who}: this user may not use sudo`,
    hint: `${HINT_ALLOW(who)} Or log in as root.`,
    ...(detail ? { detail } : {}),
  };
}

const HINT_ALLOW = (who: string): string =>
  `As root on the device: usermod -aG sudo ${who} (Debian, Ubuntu) or usermod -aG wheel ${who} (others).`;
