/**
 * Commands through sudo with a password.
 *
 *   sudo -S -p PROMPT -- sh -c 'echo START >&2; COMMAND'
 *     stderr: … PROMPT        sudo waits for the password on stdin: only now is it written
 *     stderr: … START         the password was right; from here on all streams are the command's
 *
 * Both marks are random per command, so nothing a device prints by itself can draw the password out. sudo's ticket is
 * tied to the terminal or to the parent process, and each SSH channel is a new one: every command may be asked again.
 */
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { FaultError } from '../../remote-agent/protocol/fault.ts';
import { type ExecOptions, runToEnd, type Shell, type SshChannel } from '../ssh/index.ts';
import { quote } from './script.ts';
import { sudoRefusal } from './sudo-words.ts';

/** A PAM module that asks a token server needs a while; a question we do not know would wait for ever. */
const QUIET_LIMIT_MS = 30_000;
const MAX_WORDS = 8000;

/** Gives the password for the n-th question (from 0) of one command; throws a fault to give up. */
export type PasswordSource = (attempt: number) => Promise<string>;

export function sudoShell(ssh: Shell, password: PasswordSource, who: string): Shell {
  const spawn: Shell['spawn'] = async (command, options) => {
    const marks: Marks = {
      prompt: `sonde-${randomBytes(12).toString('hex')}:`,
      start: `sonde-${randomBytes(12).toString('hex')}.`,
    };
    const inner = quote(`echo ${marks.start} >&2; ${command}`);
    const channel = await ssh.spawn(`exec env LC_ALL=C sudo -S -p ${marks.prompt} -- sh -c ${inner}`, options);
    try {
      return await passSudo(channel, marks, password, who);
    } catch (error) {
      channel.kill();
      throw error;
    }
  };
  return {
    spawn,
    exec: (command: string, options: ExecOptions = {}) =>
      runToEnd(() => spawn(command, { signal: options.signal }), command, options),
  };
}

interface Marks {
  readonly prompt: string;
  readonly start: string;
}

/** Answers sudo until the command runs; the channel given back carries nothing of that talk. */
function passSudo(channel: SshChannel, marks: Marks, password: PasswordSource, who: string): Promise<SshChannel> {
  return new Promise((resolve, reject) => {
    let words = '';
    let answered = 0;
    let seenPrompts = 0;
    const settle = () => {
      clearTimeout(timer);
      channel.stderr.off('data', onData).off('end', onEnd);
    };
    const fail = (error: unknown) => {
      settle();
      channel.stderr.resume();
      reject(error);
    };
    const refuse = () => fail(new FaultError(sudoRefusal(withoutMarks(words, marks), who, answered)));
    let timer = setTimeout(refuse, QUIET_LIMIT_MS);
    const answer = async () => {
      clearTimeout(timer); // nobody types against a clock
      const secret = await password(answered);
      answered += 1;
      channel.stdin.write(`${secret}\n`);
      timer = setTimeout(refuse, QUIET_LIMIT_MS);
    };
    const onData = (chunk: Buffer) => {
      words = (words + chunk.toString('latin1')).slice(-MAX_WORDS);
      const start = words.indexOf(marks.start);
      const lineEnd = start < 0 ? -1 : words.indexOf('\n', start);
      if (lineEnd >= 0) {
        settle();
        return resolve(openChannel(channel, Buffer.from(words.slice(lineEnd + 1), 'latin1')));
      }
      const prompts = words.split(marks.prompt).length - 1;
      if (prompts > seenPrompts) {
        seenPrompts = prompts;
        answer().catch(fail);
      }
    };
    // The end of a channel shows only once its output is read; sudo alone writes none, so nothing is lost by reading.
    const onEnd = () => channel.stdout.resume();
    channel.stderr.on('data', onData).on('end', onEnd);
    const end = async () => {
      const { code } = await channel.exit;
      if (code === null)
        fail(new FaultError({ code: 'link-lost', message: 'the connection ended while sudo was asked' }));
      else refuse();
    };
    void end();
  });
}

function openChannel(channel: SshChannel, rest: Buffer): SshChannel {
  const stderr = new PassThrough();
  if (rest.length > 0) stderr.write(rest);
  channel.stderr.pipe(stderr);
  return { stdin: channel.stdin, stdout: channel.stdout, stderr, exit: channel.exit, kill: () => channel.kill() };
}

function withoutMarks(words: string, marks: Marks): string {
  return words.split(marks.prompt).join(' ').split(marks.start).join(' ').trim();
}
