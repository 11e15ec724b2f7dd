/** One line per step of a long command, with its time. Shared by demo, test, start and bench. */

/** @typedef {(line: string) => void} Log */

/**
 * Runs `work` and prints one line for it when it ends. What `work` logs meanwhile is printed indented.
 * @template T
 * @param {string} title what is being done, in plain words
 * @param {(log: Log) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    const result = await work((line) => console.log(`    ${line}`));
    console.log(`✓ ${title.padEnd(52)} ${seconds().padStart(8)}`);
    return result;
  } catch (error) {
    console.log(`✗ ${title.padEnd(52)} ${seconds().padStart(8)}`);
    throw error;
  }
}

/** Prints an error the way a person wants it: the words, not the stack, unless SONDE_DEBUG is set. */
export function fail(error) {
  console.error(`\n${process.env.SONDE_DEBUG ? error?.stack : (error?.message ?? error)}`);
  process.exitCode = 1;
}
