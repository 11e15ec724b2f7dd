/** A program that asks instead of us, as ssh knows it: SSH_ASKPASS, SSH_ASKPASS_REQUIRE. */
import { spawn } from 'node:child_process';

/** null where none is named, or a terminal is there and comes first. */
export function findAskpass(
  env: NodeJS.ProcessEnv,
  hasTerminal: boolean,
): ((question: string) => Promise<string | null>) | null {
  const program = env['SSH_ASKPASS'];
  const require = env['SSH_ASKPASS_REQUIRE'];
  if (!program || require === 'never') return null;
  if (hasTerminal && require !== 'force' && require !== 'prefer') return null;
  return (question) => askWith(program, question);
}

/** The first line of its output; null where it failed or was closed. */
function askWith(program: string, question: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, [question], { stdio: ['ignore', 'pipe', 'inherit'] });
    let answer = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
    child.on('error', () => resolve(null)); // not there, or not executable: nobody could be asked
    child.on('close', (code) => resolve(code === 0 ? (answer.split(/\r?\n/)[0] ?? '') : null));
  });
}
