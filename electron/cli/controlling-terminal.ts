/** The terminal a person sits at, opened apart from stdin and stdout, as ssh and sudo do. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { typeInto } from './secret-line.ts';
import type { Terminal } from './world.ts';

/** null where there is none. */
export function openTerminal(): Terminal | null {
  if (process.platform === 'win32')
    return process.stdin.isTTY ? { ask: (question, secret) => askOn(0, 2, question, secret) } : null;
  try {
    closeSync(openSync('/dev/tty', 'r+'));
  } catch {
    return null; // ENXIO: the process has no controlling terminal
  }
  return {
    ask: (question, secret) => {
      const tty = openSync('/dev/tty', 'r+');
      return askOn(tty, tty, question, secret);
    },
  };
}

/** Takes over the file descriptor `input`. */
function askOn(input: number, output: number, question: string, secret: boolean): Promise<string | null> {
  const keyboard = new ReadStream(input);
  keyboard.setRawMode(true);
  keyboard.setEncoding('utf8');
  writeSync(output, question);
  return new Promise((resolve) => {
    let line = '';
    const finish = (answer: string | null): void => {
      keyboard.setRawMode(false);
      writeSync(output, '\n');
      keyboard.destroy();
      resolve(answer);
    };
    keyboard.on('end', () => finish(null));
    keyboard.on('data', (typed: string) => {
      const outcome = typeInto(line, typed);
      if (!secret && outcome.kind !== 'given-up') redraw(output, question, outcome.line);
      if (outcome.kind === 'more') line = outcome.line;
      else finish(outcome.kind === 'done' ? outcome.line : null);
    });
  });
}

/** The last line of the question, and what was typed so far. */
function redraw(output: number, question: string, line: string): void {
  const visible = question.slice(question.lastIndexOf('\n') + 1);
  writeSync(output, `\r\u001b[K${visible}${line}`);
}
