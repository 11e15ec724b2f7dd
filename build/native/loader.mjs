/** The BPF programs (one object for all processors) and the static executable that carries them. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compiler } from './libs.mjs';
import { findTool, runAll, runNow } from './run.mjs';

const C_FLAGS = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64'];
const LINK_FLAGS = ['-static', '-no-pie', '-nostdlib', '-Wl,--gc-sections', '-Wl,-z,noexecstack', '-s'];
/** v2 is the oldest instruction set with useful jumps; v3 (32-bit jumps, and atomics that fetch) wants Linux 5.12. */
const BPF_FLAGS = ['-target', 'bpf', '-mcpu=v2', '-g', '-O2', '-Wall', '-Wextra', '-Werror'];

/** What is in the executable beside the probes. */
const ROOMS = ['loader', 'capture'];

/** Writes folder/loader. */
export async function buildLoader({ root, arch, libs, folder }) {
  const bpf = join(root, 'bpf');
  const probes = readdirSync(join(bpf, 'probes'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const probeFiles = probes.flatMap(({ name }) =>
    readdirSync(join(bpf, 'probes', name)).map((file) => join(bpf, 'probes', name, file)),
  );
  const programs = probeFiles.filter((file) => file.endsWith('.bpf.c'));
  for (const file of programs) compileProgram(file, { bpf, libs, folder });

  const loaderFiles = ROOMS.flatMap((room) => readdirSync(join(bpf, room)).map((file) => join(bpf, room, file)));
  const sources = [...loaderFiles, ...probeFiles].filter((file) => file.endsWith('.c') && !file.endsWith('.bpf.c'));
  const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
  const [gcc, base] = compiler(arch, libs);
  const flags = [
    ...base,
    ...C_FLAGS,
    `-I${join(bpf, 'include')}`,
    ...ROOMS.map((room) => `-I${join(bpf, room)}`),
    // .incbin of the compiled programs looks here, through the assembler.
    `-Wa,-I${folder}`,
    `-DSONDE_VERSION="${version}"`,
    `-DSONDE_MACHINE="${arch.machine}"`,
  ];
  const objects = sources.map((file) => join(folder, `${basename(file, '.c')}.o`));
  await runAll(sources.map((file, i) => [gcc, [...flags, '-c', file, '-o', objects[i]]]));
  link({ arch, libs, objects, output: join(folder, 'loader') });
}

/** -g writes the BTF that describes our own maps; the rest of the debugging information would travel for nothing. */
function compileProgram(file, { bpf, libs, folder }) {
  const output = join(folder, `${basename(file, '.c')}.o`);
  const include = join(libs, 'include');
  runNow(findTool(['clang', 'clang-14']), [
    ...BPF_FLAGS,
    '-nostdinc',
    '-isystem',
    include,
    ...['include', 'loader'].map((name) => `-I${join(bpf, name)}`),
    '-c',
    file,
    '-o',
    output,
  ]);
  runNow(findTool(['llvm-strip', 'llvm-strip-14']), ['-g', output]);
}

function link({ arch, libs, objects, output }) {
  const lib = (name) => join(libs, 'lib', name);
  const gcc = `${arch.triplet}-gcc`;
  const own = (name) => runNow(gcc, [...arch.gccFlags, `-print-file-name=${name}`]).trim();
  runNow(gcc, [
    ...arch.gccFlags,
    ...LINK_FLAGS,
    '-o',
    output,
    lib('crt1.o'),
    lib('crti.o'),
    ...objects,
    ...['libbpf.a', 'libelf.a', 'libz.a', 'libzstd.a', 'libpcap.a'].map(lib),
    '-Wl,--start-group',
    lib('libc.a'),
    own('libgcc.a'),
    own('libgcc_eh.a'),
    '-Wl,--end-group',
    lib('crtn.o'),
  ]);
}
