// One verb: run a program to its end. Every tool the box builder calls goes through here,
// so that every failure reads the same way: what was run, how it ended, its last words.

import { spawn } from 'node:child_process';

/** Debian keeps mke2fs, depmod and friends in sbin, which a user's PATH often lacks. */
export const TOOL_PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

/** Enough of a failing tool's output to name the cause without drowning it. */
const TAIL_LINES = 12;

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string>} [env] added to the environment
 * @property {string | Buffer} [input] written to stdin
 * @property {(line: string) => void} [log] told each line of stderr while the program runs
 */

/**
 * @param {string} file
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ stdout: Buffer, stderr: string }>} rejects when the program does not end with 0
 */
export function run(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env, PATH: TOOL_PATH },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const out = [];
    let err = '';
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => {
      err += chunk;
      if (options.log) for (const line of String(chunk).split('\n')) if (line.trim()) options.log(line.trimEnd());
    });
    child.stdin.on('error', () => {}); // a tool may end before it has read all its input; its exit code tells
    child.on('error', (cause) => reject(new Error(`cannot run ${file}: ${cause.message}`, { cause })));
    child.on('close', (code, signal) => {
      const stdout = Buffer.concat(out);
      if (code === 0) return resolve({ stdout, stderr: err });
      const words = tail(err.trim() || stdout.toString('utf8'), TAIL_LINES);
      reject(new Error(`${file} ${args[0] ?? ''} ended with ${signal ?? `code ${code}`}: ${words || 'no output'}`));
    });
    child.stdin.end(options.input ?? '');
  });
}

/**
 * @param {string} text
 * @param {number} lines
 */
export function tail(text, lines) {
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
