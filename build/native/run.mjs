/** Runs programs: one, or many side by side. A failure is an Error that carries what the program said. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';

/** First of `names` found on the PATH, as a full path, or null. */
export function findTool(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here: the next folder may have it.
      }
    }
  }
  return null;
}

export function runNow(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (done.error) throw new Error(`cannot run ${command}: ${done.error.message}`);
  if (done.status !== 0) throw failure(command, args, done.status ?? done.signal, `${done.stderr}${done.stdout}`);
  return done.stdout;
}

/** Runs `[command, args]` pairs, at most one per CPU at a time; a failure is thrown once those running have ended. */
export async function runAll(jobs) {
  const waiting = [...jobs];
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      await run(...job).catch((error) => {
        waiting.length = 0;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: availableParallelism() }, work));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** @returns {Promise<string>} its standard output */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = [];
    const said = [];
    child.stdout.on('data', (chunk) => out.push(chunk) && said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', (cause) => reject(new Error(`cannot run ${command}: ${cause.message}`, { cause })));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(failure(command, args, code ?? signal, Buffer.concat(said).toString('utf8')));
    });
  });
}

function failure(command, args, status, said) {
  return new Error(`${command} ${args.join(' ')} failed (${status}):\n${said.trim().slice(-4000)}`);
}
