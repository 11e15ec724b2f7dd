// Bundles every part of Sonde into out/. `--dev` keeps names and adds source maps, `--part=NAME` makes only that one.
//   takes: the sources;  gives: out/app, out/cli, out/device;  never: the loader, or packages for users.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PARTS } from './bundle/parts.mjs';
import { pack, sha256 } from './pack.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Resolves to the parts that were left out because nobody wrote them yet.
 * @param {{ dev?: boolean, only?: readonly string[] | null, log?: (line: string) => void }} options
 */
export async function bundle({ dev = false, only = null, log = console.log } = {}) {
  const started = performance.now();
  const wanted = PARTS.filter((part) => only === null || only.includes(part.name));
  const there = wanted.filter((part) => fs.existsSync(path.join(ROOT, part.entry)));
  const missing = wanted.filter((part) => !there.includes(part));
  for (const part of missing) log(`bundle: no ${part.entry}: ${part.name} is left out`);
  const results = await Promise.allSettled(there.map((part) => bundlePart(part, dev)));
  const broken = there.flatMap((part, index) =>
    results[index].status === 'rejected' ? [`cannot bundle ${part.name}: ${results[index].reason.message}`] : [],
  );
  if (broken.length > 0) throw new Error(broken.join('\n'));
  for (const [index, part] of there.entries())
    log(`bundle: ${part.output.padEnd(26)} ${kilobytes(results[index].value)}`);
  log(`bundle: ${there.length} parts in ${Math.round(performance.now() - started)} ms`);
  return missing.map((part) => part.name);
}

async function bundlePart(part, dev) {
  const outfile = path.join(ROOT, part.output);
  const { outputFiles } = await build({
    write: false,
    absWorkingDir: ROOT,
    entryPoints: [part.entry],
    outfile,
    bundle: true,
    minify: !dev,
    sourcemap: dev ? 'linked' : false,
    legalComments: 'none',
    logLevel: 'warning',
    logOverride: { 'empty-import-meta': 'error' },
    define: { 'process.env.NODE_ENV': dev ? '"development"' : '"production"' },
    ...part.options,
  });
  for (const { path: file, contents } of outputFiles) put(file, contents, part.executable ? 0o755 : 0o644);
  for (const file of part.copies ?? [])
    put(path.join(path.dirname(outfile), path.basename(file)), fs.readFileSync(path.join(ROOT, file)), 0o644);
  if (part.packed) await packPart(outfile, path.join(ROOT, part.packed));
  return fs.statSync(outfile).size;
}

/** All of it at once, and only where it is new: Sonde may be running from there. */
function put(file, contents, mode) {
  if (fs.existsSync(file) && fs.readFileSync(file).equals(contents) && (fs.statSync(file).mode & 0o777) === mode)
    return;
  const half = `${file}.${process.pid}.tmp`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(half, contents);
  fs.chmodSync(half, mode);
  fs.renameSync(half, file);
}

/** As it travels. What is the same already stays untouched: another process may be sending it. */
async function packPart(file, target) {
  const plain = fs.readFileSync(file);
  const { packed, facts } = await pack(plain);
  const about = `${JSON.stringify({ ...facts, plainSha256: sha256(plain) }, null, 2)}\n`;
  if (fs.existsSync(`${target}.json`) && fs.readFileSync(`${target}.json`, 'utf8') === about) return;
  fs.writeFileSync(`${target}.zst`, packed);
  fs.writeFileSync(`${target}.json`, about);
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1).padStart(8)} KB`;
}

async function main(args) {
  const only = args.filter((arg) => arg.startsWith('--part=')).map((arg) => arg.slice('--part='.length));
  await bundle({ dev: args.includes('--dev'), only: only.length > 0 ? only : null });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  main(process.argv.slice(2)).catch((error) => {
    console.error(`bundle: ${error.message}`);
    process.exitCode = 1;
  });
