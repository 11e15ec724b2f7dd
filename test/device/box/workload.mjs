// The known-truth workload, compiled on this computer for the box.

import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

const SOURCE = fileURLToPath(new URL('../workload/', import.meta.url));

const COMPILER = { x86_64: 'gcc', arm64: 'aarch64-linux-gnu-gcc' };

/** Every program keeps its symbols and carries a build-id: both are what a profiler resolves by. */
const COMMON_FLAGS = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-fno-builtin', '-pthread', '-Wl,--build-id'];

/** No inlining, cloning, folding or tail calls: each named function must appear as a frame of its own. */
const KEEP_FRAMES = ['-fno-inline', '-fno-ipa-cp', '-fno-ipa-sra', '-fno-ipa-icf', '-fno-optimize-sibling-calls'];

const WITH_FRAME_POINTERS = ['-O1', '-fno-omit-frame-pointer', ...KEEP_FRAMES];
const WITHOUT_FRAME_POINTERS = ['-O2', '-fomit-frame-pointer', '-fasynchronous-unwind-tables', ...KEEP_FRAMES];

/** Of the compiler alone, so that nothing 32-bit must be installed. */
const WITHOUT_LIBC = [
  '-m32',
  '-O1',
  '-ffreestanding',
  '-fno-stack-protector',
  '-fno-pie',
  '-no-pie',
  '-nostdlib',
  '-static',
];

/** Program → its source and flags, and the one processor it is for. */
const PROGRAMS = {
  call_loop: { source: 'call_loop.c', flags: WITH_FRAME_POINTERS },
  calls: { source: 'calls.c', flags: WITH_FRAME_POINTERS },
  calls32: { source: 'calls32.c', flags: WITHOUT_LIBC, only: 'x86_64' },
  diskwrite: { source: 'diskwrite.c', flags: WITH_FRAME_POINTERS },
  flows: { source: 'flows.c', flags: WITH_FRAME_POINTERS },
  loopback: { source: 'loopback.c', flags: WITH_FRAME_POINTERS },
  odd_calls: { source: 'odd_calls.c', flags: WITH_FRAME_POINTERS, only: 'x86_64' },
  shortlived: { source: 'shortlived.c', flags: WITH_FRAME_POINTERS },
  'truth-fp': { source: 'truth.c', flags: WITH_FRAME_POINTERS },
  'truth-nofp': { source: 'truth.c', flags: WITHOUT_FRAME_POINTERS },
};

const SCRIPT = /\.(py|sh|cjs)$/;

/**
 * @param {string} dir created and filled
 * @param {'x86_64' | 'arm64'} arch
 */
export async function buildWorkload(dir, arch) {
  await mkdir(dir, { recursive: true });
  for (const [name, { source, flags, only = arch }] of Object.entries(PROGRAMS)) {
    if (only !== arch) continue;
    await run(COMPILER[arch], [...COMMON_FLAGS, ...flags, '-o', join(dir, name), join(SOURCE, source)]);
  }
  for (const file of await readdir(SOURCE)) if (SCRIPT.test(file)) await copyFile(join(SOURCE, file), join(dir, file));
}
