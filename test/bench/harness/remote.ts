/** Rivals at work in the box, each over an ssh of its own, as a person would run them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Box } from '../../device/box/boot.mjs';

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

export interface Remote {
  /** Milliseconds from the start of ssh to the first output that matches; rejects when it ends without. */
  firstOutput(pattern: RegExp): Promise<number>;
  /** Bytes of standard output so far. */
  readonly bytes: number;
  /** When it last printed anything, on the clock of `performance.now()`. */
  readonly printedAtMs: number;
  /** Resolves with all that it said when it has ended by itself. */
  readonly ended: Promise<Said>;
  /** The same, but rejects when it is still there after `limitMs`. */
  end(limitMs: number): Promise<Said>;
  kill(): void;
}

/** `command` is for the box's shell. A rival that fails is a bug of the bench: its words are in the error. */
export async function startRemote(box: Box, scratch: string, command: string): Promise<Remote> {
  const hosts = join(scratch, `hosts-${box.port}`);
  await box.writeKnownHosts(hosts);
  const settings = [`UserKnownHostsFile=${hosts}`, 'BatchMode=yes', 'LogLevel=ERROR', 'IdentitiesOnly=yes'];
  const options = settings.flatMap((setting) => ['-o', setting]);
  const started = performance.now();
  const login = ['-F', 'none', '-T', '-i', box.users.root.identityFile, '-p', String(box.port), `root@${box.host}`];
  const child = spawn('ssh', [...options, ...login, '--', command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let bytes = 0;
  let printedAtMs = started;
  const ended = once(child, 'close').then(() => ({ stdout, stderr }));
  let wanted: { readonly pattern: RegExp; readonly found: (ms: number) => void } | null = null;
  const look = () => {
    if (!wanted?.pattern.test(stdout)) return;
    wanted.found(performance.now() - started);
    wanted = null;
  };
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    stdout += text;
    bytes += text.length;
    printedAtMs = performance.now();
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return {
    get bytes() {
      return bytes;
    },
    get printedAtMs() {
      return printedAtMs;
    },
    firstOutput: (pattern) =>
      new Promise((found, reject) => {
        wanted = { pattern, found };
        look();
        void ended.then(() => reject(new Error(`"${command}" ended without the expected output:\n${stdout}${stderr}`)));
      }),
    ended,
    async end(limitMs) {
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      const said = await ended;
      clearTimeout(timer);
      if (child.signalCode) throw new Error(`"${command}" did not end within ${limitMs} ms:\n${stdout}${stderr}`);
      return said;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Runs to its end. */
export async function inBox(box: Box, command: string, timeoutMs = 120_000): Promise<string> {
  const { code, stdout, stderr } = await box.ssh(command, { timeoutMs });
  if (code !== 0) throw new Error(`"${command}" failed in the box with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

/** An emulated box may run at a tenth of our time. */
const SLOWEST = 20;

/** Until so many seconds have passed on the clock of the box. */
export async function passInBox(box: Box, seconds: number): Promise<void> {
  await inBox(box, `sleep ${seconds}`, 60_000 + seconds * 1000 * SLOWEST);
}
