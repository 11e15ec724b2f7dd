/** What the device is: one command, one answer. */
import { raise } from '../../remote-agent/protocol/fault.ts';
import type { Shell } from '../ssh/index.ts';
import { DETECT_SCRIPT } from './detect-script.ts';
import { deviceWords } from './device-words.ts';
import type { DeviceFacts } from './facts.ts';
import { parseFacts } from './parse-facts.ts';
import { shCommand } from './script.ts';
import { cutSections, sectionStart } from './sections.ts';

/** A Raspberry Pi Zero under load needs 6 s. */
const TIMEOUT_MS = 60_000;

export interface DetectOptions {
  readonly signal?: AbortSignal | undefined;
  readonly now?: () => number;
}

export async function detect(ssh: Shell, { signal, now = Date.now }: DetectOptions = {}): Promise<DeviceFacts> {
  const { stdout, stderr, code } = await ssh.exec(shCommand(DETECT_SCRIPT), { signal, timeoutMs: TIMEOUT_MS });
  const text = stdout.toString('utf8');
  if (!text.includes(sectionStart('uname'))) {
    raise(
      'not-linux',
      'cannot look into this device: it answers, but it runs no shell commands',
      'Log in by hand and see what the login shell of this user does: sh -c must work.',
      deviceWords(`exit code ${code}\n${stderr.toString('utf8')}\n${text}`),
    );
  }
  return parseFacts(cutSections(text), now());
}
