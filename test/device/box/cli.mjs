// The box by hand.
//
//   node test/device/box/cli.mjs up [--variant plain|node|peers] [--kernel 5.10|6.1|6.12] [--arch x86_64|arm64]
//                                   [--cpus N] [--memory MB] [--hide-btf] [--icount] [--workload] [--json]
//   node test/device/box/cli.mjs build [--variant …] [--kernel …] [--arch …]
//   node test/device/box/cli.mjs clean

import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bootBox } from './boot.mjs';
import { cacheRoot } from './cache.mjs';
import { ensureBox } from './ensure.mjs';

const USAGE =
  'usage: cli.mjs up|build|clean [--variant plain|node|peers] [--kernel 5.10|6.1|6.12] [--arch x86_64|arm64] [--cpus N] [--memory MB] [--hide-btf] [--icount] [--workload] [--json]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    variant: { type: 'string' },
    kernel: { type: 'string' },
    arch: { type: 'string' },
    cpus: { type: 'string' },
    memory: { type: 'string' },
    'hide-btf': { type: 'boolean' },
    icount: { type: 'boolean' },
    workload: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});

/** @param {string} line */
const log = (line) => console.error(line);

// A wrong choice is refused by ensureBox, with the list of right ones.
const options = /** @type {import('./boot.d.mts').BoxOptions} */ ({
  log,
  ...(values.variant && { variant: values.variant }),
  ...(values.kernel && { kernel: values.kernel }),
  ...(values.arch && { arch: values.arch }),
  ...(values.cpus && { cpus: Number(values.cpus) }),
  ...(values.memory && { memoryMb: Number(values.memory) }),
  hideBtf: values['hide-btf'],
  icount: values.icount,
  workload: values.workload,
});

const VERBS = { up, build, clean };

async function up() {
  const started = Date.now();
  const box = await bootBox(options);
  if (values.json) {
    const { host, port, pid, users, keys, hostKey, hostKeyFingerprint, kernelVersion, consoleFile } = box;
    console.log(
      JSON.stringify({ host, port, pid, users, keys, hostKey, hostKeyFingerprint, kernelVersion, consoleFile }),
    );
  } else {
    const ssh = `ssh -i ${box.users.root.identityFile} -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -p ${box.port}`;
    console.log(
      `The box is up after ${((Date.now() - started) / 1000).toFixed(1)} s: kernel ${box.kernelVersion}, QEMU process ${box.pid}.`,
    );
    console.log(`  as root:  ${ssh} root@${box.host}`);
    console.log(`  as ops:   ${ssh} ops@${box.host}     (password ${box.users.ops.password}, also for sudo)`);
    console.log(`  host key: ${box.hostKeyFingerprint}`);
    console.log(`  console:  ${box.consoleFile}`);
    console.log('Ctrl-C stops it.');
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void box.stop());
  const keepAlive = setInterval(() => {}, 60_000); // a box by itself does not keep a script running
  console.error(`The box has ended: ${await box.exited}.`);
  clearInterval(keepAlive);
  await box.stop();
}

async function build() {
  const { kernel, root } = await ensureBox(options);
  console.log(`${kernel.dir}\n${root.dir}`);
}

async function clean() {
  await rm(cacheRoot(), { recursive: true, force: true });
}

const verb = VERBS[/** @type {keyof typeof VERBS} */ (positionals[0] ?? '')];
if (!verb) {
  console.error(USAGE);
  process.exit(2);
}
try {
  await verb();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
