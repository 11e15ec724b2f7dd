/**
 * `npm run demo [-- --keep]`: the main job on a virtual edge box, from nothing to a live flame graph.
 * With a display the window is yours until you close it. Without one the same window runs under a virtual display for
 * 20 s, and what it saw is written to out/demo/. --keep leaves the box up and prints how to reach and how to stop it.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setup } from './setup.mjs';
import { fail, step } from './steps.mjs';

const OUT = 'out/demo';
const WATCH_MS = 20_000;
/** A first picture needs 15 s at most on an idle machine; a busy one gets ten times that. */
const PICTURE_MS = 150_000;

/** The bench of what a minute's profile takes, on a box that counts 10⁹ instructions a second. */
const COST = 'test/bench/results/cost.json';

const keep = process.argv.includes('--keep');
const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** What the window is started with: root by key, the box's host key accepted because it was made here. */
function appArguments(box, knownHosts, userData) {
  return [
    '.',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${userData}`,
    `--connect=root@${box.host}:${box.port}`,
    `--identity=${box.users.root.identityFile}`,
    `--known-hosts=${knownHosts}`,
  ];
}

/** Prints each step of the connection as the window shows it done, until the first picture. */
async function untilPicture(page, started) {
  const printed = new Set();
  for (;;) {
    const seen = await page.evaluate(() => ({
      steps: [...document.querySelectorAll('.step-done')].map((item) => ({
        words: item.querySelector('.step-words')?.firstChild?.textContent ?? '',
        detail: item.querySelector('.step-detail')?.textContent ?? '',
        elapsed: item.querySelector('.step-elapsed')?.textContent ?? '',
      })),
      fault: document.querySelector('.fault-card')?.textContent ?? null,
      drawn: document.querySelector('.flame-pane') !== null,
    }));
    for (const { words, detail, elapsed } of seen.steps) {
      if (printed.has(words)) continue;
      printed.add(words);
      console.log(`    ✓ ${`${words}${detail ? ` (${detail})` : ''}`.padEnd(58)} ${elapsed.padStart(8)}`);
    }
    if (seen.fault) throw new Error(`the window says: ${seen.fault}`);
    if (seen.drawn) return;
    if (performance.now() - started > PICTURE_MS)
      throw new Error('no flame graph in time: the window shows no samples');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function watch(box, knownHosts, userData) {
  const { _electron } = await import('playwright-core');
  const { openDisplay } = await import('./display.mjs');
  const display = await openDisplay();
  const started = performance.now();
  const app = await _electron.launch({
    args: appArguments(box, knownHosts, userData),
    env: { ...process.env, DISPLAY: display.name },
  });
  try {
    const page = await app.firstWindow();
    await step('first flame graph', () => untilPicture(page, started));
    await step(`watching for ${WATCH_MS / 1000} s`, () => page.waitForTimeout(WATCH_MS));
    await page.screenshot({ path: `${OUT}/screenshot.png` });
    await step('closing the window', () => app.close());
  } finally {
    await app.close().catch(() => undefined); // already closed on the good path
    display.close();
  }
}

/** The window belongs to the person until it is closed. */
async function handOver(box, knownHosts, userData) {
  const electron = (await import('./electron-runtime.mjs')).ensureElectron;
  const child = spawn(await electron({ log: () => undefined }), appArguments(box, knownHosts, userData), {
    stdio: 'inherit',
  });
  console.log('The window is open. Close it to end the demo.');
  await new Promise((resolve) => child.once('exit', resolve));
}

function sonde(...args) {
  const run = spawnSync(process.execPath, ['out/cli/sonde.mjs', ...args], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`sonde ${args.join(' ')} failed: ${run.stderr}`);
  return run.stdout;
}

/** What observing took is told as it was; a stranger should know why it is much, and where it was measured with care. */
function whyItIsMuch() {
  const share = JSON.parse(readFileSync(COST, 'utf8')).figures.sonde.ownWords;
  return `
(The box's processors are emulated in software, and Sonde's start is in what observing took. Once it has started, a profile
takes ${(share * 100).toFixed(1)} % of a processor of 10⁹ instructions a second: ${COST}.)
`;
}

/** Copies the newest recording out of the window's own folder and writes what can be made of it. */
function writeResults(userData) {
  const recordings = path.join(userData, 'recordings');
  const [newest] = existsSync(recordings) ? readdirSync(recordings).toSorted().toReversed() : [];
  if (!newest) throw new Error('the window left no recording');
  const recording = `${OUT}/demo.sonde.mcap`;
  copyFileSync(path.join(recordings, newest), recording);
  sonde('export', recording, '--format', 'folded', '-o', `${OUT}/stacks.folded`);
  const summary = `${sonde('info', recording)}${whyItIsMuch()}`;
  writeFileSync(`${OUT}/summary.txt`, summary);
  console.log(`\n${summary}`);
  for (const name of readdirSync(OUT)) console.log(path.join(OUT, name));
}

/** A box that outlives the demo, in a process of its own that ends it when told to. */
async function bootLasting(log) {
  const child = spawn(
    process.execPath,
    ['test/device/box/cli.mjs', 'up', '--variant', 'plain', '--workload', '--json'],
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => log((complaint += text).trimEnd().split('\n').at(-1)));
  const line = await new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.once('exit', () => reject(new Error(`the box did not come up: ${complaint}`)));
  });
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  const facts = JSON.parse(line);
  return {
    ...facts,
    writeKnownHosts: (file) => writeFileSync(file, `[${facts.host}]:${facts.port} ${facts.hostKey}\n`),
    stop: () => process.kill(child.pid),
    keeper: child.pid,
  };
}

function tellHowToReach({ host, port, users, hostKeyFingerprint, keeper }) {
  const key = users.root.identityFile;
  console.log('\nThe box stays up. Reach it with:');
  console.log(`  npx sonde top root@${host}:${port} -i ${key} --accept-host-key ${hostKeyFingerprint}`);
  console.log(`  ssh -p ${port} -i ${key} -o UserKnownHostsFile=/dev/null root@${host}`);
  console.log(`Stop it with:\n  kill ${keeper}`);
}

async function main() {
  await setup({ box: [{ variant: 'plain' }] });
  const { bootBox } = await import('../test/device/box/boot.mjs');
  const boot = keep ? bootLasting : (log) => bootBox({ variant: 'plain', workload: true, log });
  const scratch = mkdtempSync(path.join(tmpdir(), 'sonde-demo-'));
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const box = await step('booting the virtual edge box', boot);
  let lasts = false;
  try {
    const knownHosts = path.join(scratch, 'known_hosts');
    await box.writeKnownHosts(knownHosts);
    const userData = path.join(scratch, 'user-data');
    if (hasDisplay) await handOver(box, knownHosts, userData);
    else await watch(box, knownHosts, userData);
    await step('recording, folded stacks and summary', () => writeResults(userData));
    lasts = keep;
    if (keep) tellHowToReach(box);
  } finally {
    if (!lasts) await box.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch(fail);
