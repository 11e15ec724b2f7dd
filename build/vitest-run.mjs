/**
 * Runs the tests and counts them. A file of a slow project that failed runs once more, alone: a box is emulated in
 * software, and on a starved machine its guest sometimes times out for no fault of Sonde. What passes only then is
 * named, so that nobody takes it for sound; what fails twice has failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

const FOLDER = 'out/test';

/** Stands for what went wrong outside every file: an error that nobody caught. */
const OUTSIDE = 'vitest';

/** More failed files than this is no matter of luck. */
const MOST_FILES_AGAIN = 12;

const isSlow = (path) => /^test\/(crossing|device|e2e)\//.test(path);

/**
 * @typedef {{ path: string, passed: number, failed: number }} FileResult
 */

/**
 * @param {{ testResults: readonly { name: string, status: string, assertionResults: readonly { status: string }[] }[] }} report
 *   vitest's JSON report
 * @param {string} root absolute path of the checkout
 * @returns {FileResult[]} paths relative to the root; a file that broke outside its tests has one failure
 */
export function fileResults(report, root) {
  return report.testResults.map(({ name, status, assertionResults }) => {
    const count = (wanted) => assertionResults.filter((test) => test.status === wanted).length;
    const failed = count('failed');
    return {
      path: relative(root, name),
      passed: count('passed'),
      failed: failed === 0 && status === 'failed' ? 1 : failed,
    };
  });
}

/**
 * @param {readonly FileResult[]} first
 * @returns {string[]} the files that deserve a second run
 */
export function filesToRunAgain(first) {
  const failed = first.filter((file) => file.failed > 0).map(({ path }) => path);
  return failed.length <= MOST_FILES_AGAIN && failed.every(isSlow) ? failed : [];
}

/**
 * @param {readonly FileResult[]} first
 * @param {readonly FileResult[]} second replaces the results of its files
 * @returns {{ passed: number, failed: number, lucky: string[] }} lucky: files that passed only the second time
 */
export function together(first, second) {
  const again = new Map(second.map((file) => [file.path, file]));
  const known = new Set(first.map(({ path }) => path));
  const all = [...first.map((file) => again.get(file.path) ?? file), ...second.filter(({ path }) => !known.has(path))];
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    lucky: second.filter(({ failed }) => failed === 0).map(({ path }) => path),
  };
}

/** @returns {FileResult[] | null} null where vitest itself could not run, which its own words above explain */
function vitest(name, args) {
  const results = `${FOLDER}/${name}.json`;
  mkdirSync(FOLDER, { recursive: true });
  rmSync(results, { force: true });
  const run = spawnSync(
    'node_modules/.bin/vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...args],
    { stdio: 'inherit' },
  );
  try {
    const files = fileResults(JSON.parse(readFileSync(results, 'utf8')), process.cwd());
    const isBroken = run.status !== 0 && files.every(({ failed }) => failed === 0);
    return isBroken ? [...files, { path: OUTSIDE, passed: 0, failed: 1 }] : files;
  } catch {
    return null;
  }
}

/**
 * @param {readonly string[]} args for vitest: files or options
 * @returns {{ passed: number, failed: number }}
 */
export function runTests(args) {
  const first = vitest('results', args);
  if (!first) return { passed: 0, failed: 1 };
  const again = filesToRunAgain(first);
  if (again.length === 0) return together(first, []);
  console.log(`\nonce more, alone: ${again.join(', ')}`);
  const { lucky, ...counts } = together(first, vitest('again', ['--no-file-parallelism', ...again]) ?? []);
  for (const path of lucky) console.log(`passed only the second time: ${path}`);
  return counts;
}
