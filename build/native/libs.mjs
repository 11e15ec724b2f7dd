/**
 * libbpf, libelf, libpcap and zstd as static libraries against musl, compiled without their configure scripts: a handful of
 * defines is all that those would find out, and musl is the same everywhere.
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runAll, runNow } from './run.mjs';

/** Raise when anything in this file or in private-apt.mjs changes what comes out. */
export const LIBS_RECIPE = 'r4';

export const SOURCE_PACKAGES = ['elfutils', 'libbpf', 'libpcap', 'libzstd', 'zlib'];

/** What libelf's configure would have found with musl: GNU's mempcpy and memrchr are there, rawmemchr and error() not. */
const ELFUTILS_CONFIG = `#define HAVE_DECL_MEMPCPY 1
#define HAVE_DECL_RAWMEMCHR 0
#define HAVE_DECL_MEMRCHR 1
#define HAVE_DECL_POWEROF2 1
#define HAVE_DECL_REALLOCARRAY 1
#define HAVE_ERR_H 1
#define HAVE_ERROR_H 0
#define HAVE_DECL_ERROR 0
#define HAVE_VISIBILITY 1
#define SYMBOL_VERSIONING 0
#define PACKAGE "elfutils"
#define PACKAGE_NAME PACKAGE
#define PACKAGE_VERSION VERSION
#include <eu-config.h>
`;
/** Messages in the language they were written in. */
const LIBINTL = `#define gettext(x) (x)
#define dgettext(domain, x) (x)
`;

/** glibc's error() is called by no function we link, but a header names it. */
const ERROR_H = `void error(int status, int errnum, const char *format, ...);
`;

/**
 * libelf can unpack compressed sections and libbpf a kernel's configuration. Our objects have neither, so the calls end
 * here, and 60 KB less travel to each device.
 */
const NO_ZLIB = `#include <zlib.h>
int deflateInit_(z_streamp stream, int level, const char *version, int size) { return Z_VERSION_ERROR; }
int deflate(z_streamp stream, int flush) { return Z_STREAM_ERROR; }
int deflateEnd(z_streamp stream) { return Z_STREAM_ERROR; }
int inflateInit_(z_streamp stream, const char *version, int size) { return Z_VERSION_ERROR; }
int inflate(z_streamp stream, int flush) { return Z_STREAM_ERROR; }
int inflateEnd(z_streamp stream) { return Z_STREAM_ERROR; }
int inflateReset(z_streamp stream) { return Z_STREAM_ERROR; }
gzFile gzopen(const char *path, const char *mode) { return Z_NULL; }
char *gzgets(gzFile file, char *line, int size) { return Z_NULL; }
int gzclose(gzFile file) { return Z_STREAM_ERROR; }
`;

/** Only what unpacks; and no second copy of it for processors with other instructions. */
const ZSTD_FILES = [
  ...['debug', 'entropy_common', 'error_private', 'fse_decompress', 'xxhash', 'zstd_common'].map((f) => `common/${f}`),
  ...['huf_decompress', 'zstd_ddict', 'zstd_decompress', 'zstd_decompress_block'].map((f) => `decompress/${f}`),
];
const ZSTD_FLAGS = ['-DDYNAMIC_BMI2=0', '-DZSTD_DISABLE_ASM=1', '-DZSTD_LEGACY_SUPPORT=0', '-DZSTD_TRACE=0'];

/** What turns a filter into a program, and nothing that reads packets or files: the linker drops the rest of pcap.c. */
const PCAP_FILES = ['bpf_filter', 'etherent', 'fmtutils', 'gencode', 'nametoaddr', 'optimize', 'pcap', 'pcap-common'];
const PCAP_CONFIG = `#define HAVE_ASPRINTF 1
#define HAVE_DECL_ETHER_HOSTTON 1
#define HAVE_ETHER_HOSTTON 1
#define HAVE_POSIX_STRERROR_R 1
#define HAVE_STRLCAT 1
#define HAVE_STRLCPY 1
#define HAVE_STRTOK_R 1
#define HAVE_STRUCT_ETHER_ADDR 1
#define HAVE_VASPRINTF 1
#define INET6 1
#define NETINET_ETHER_H_DECLARES_ETHER_HOSTTON 1
#define PACKAGE_VERSION ""
`;
/** The kernel takes VLAN tags out of packets; a filter for it must look beside them. libpcap has no public switch for it. */
const PCAP_FOR_KERNEL = `#include <pcap-int.h>
void pcap_for_kernel(pcap_t *p) { p->bpf_codegen_flags |= BPF_SPECIAL_VLAN_HANDLING; }
`;

/** Fills `folder` with include/, lib/ and the C runtime's start files. */
export async function buildLibs({ arch, sources, musl, folder }) {
  layOut({ sources, musl, folder });
  generatePcap({ sources, folder });
  const objects = join(folder, 'objects');
  mkdirSync(objects);
  const source = (path) => join(sources, path);
  const generated = join(folder, 'generated');
  const jobs = [];
  const archive = (name, files, flags) => {
    const outputs = files.map((file) => [file, join(objects, `${name}-${basename(file, '.c')}.o`)]);
    for (const [file, output] of outputs)
      jobs.push([...compiler(arch, folder), [...flags, '-w', '-c', file, '-o', output]]);
    return () => runNow('ar', ['rcs', join(folder, 'lib', `${name}.a`), ...outputs.map(([, output]) => output)]);
  };
  const cFiles = (path) =>
    readdirSync(source(path))
      .filter((f) => f.endsWith('.c'))
      .map((f) => source(join(path, f)));
  const elfFlags = ['-std=gnu99', '-Os', '-DHAVE_CONFIG_H', '-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64'];
  const elfIncludes = [generated, source('elfutils/libelf'), source('elfutils/lib'), source('zlib')].map(
    (f) => `-I${f}`,
  );
  const archives = [
    archive('libz', [join(generated, 'no-zlib.c')], ['-Os', `-I${source('zlib')}`]),
    archive(
      'libzstd',
      ZSTD_FILES.map((f) => source(`libzstd/lib/${f}.c`)),
      ['-O2', ...ZSTD_FLAGS],
    ),
    archive(
      'libpcap',
      [
        ...PCAP_FILES.map((f) => source(`libpcap/${f}.c`)),
        ...['grammar', 'scanner', 'pcap-for-kernel'].map((f) => join(generated, `pcap/${f}.c`)),
      ],
      [
        '-Os',
        '-DHAVE_CONFIG_H',
        '-DBUILDING_PCAP',
        '-D_GNU_SOURCE',
        ...[join(generated, 'pcap'), source('libpcap')].map((f) => `-I${f}`),
      ],
    ),
    archive(
      'libelf',
      [...cFiles('elfutils/libelf'), ...['crc32', 'next_prime'].map((f) => source(`elfutils/lib/${f}.c`))],
      [...elfFlags, ...elfIncludes],
    ),
    archive('libbpf', cFiles('libbpf/src'), [
      '-Os',
      '-D_LARGEFILE64_SOURCE',
      '-D_FILE_OFFSET_BITS=64',
      ...['libbpf/src', 'libbpf/include', 'libbpf/include/uapi', 'elfutils/libelf', 'zlib'].map(
        (f) => `-I${source(f)}`,
      ),
    ]),
  ];
  await runAll(jobs.map(([command, base, args]) => [command, [...base, ...args]]));
  for (const make of archives) make();
  for (const each of ['objects', 'generated']) rmSync(join(folder, each), { recursive: true });
}

/** @returns [command, arguments] that compile C against the musl in `libs` and nothing of the host's */
export function compiler(arch, libs) {
  return [
    `${arch.triplet}-gcc`,
    [
      ...arch.gccFlags,
      // The compiler's own headers (stdarg.h …) stay, the C library's go: musl's come first, the kernel's last.
      '-nostdinc',
      '-isystem',
      join(libs, 'include'),
      '-isystem',
      gccHeaders(arch),
      '-ffunction-sections',
      '-fdata-sections',
      '-fno-asynchronous-unwind-tables',
    ],
  ];
}

function gccHeaders(arch) {
  return runNow(`${arch.triplet}-gcc`, ['-print-file-name=include']).trim();
}

/** One include folder (C library, kernel, bpf/) and one lib folder, whatever Debian's multiarch paths are. */
function layOut({ sources, musl, folder }) {
  const usr = join(musl, 'usr');
  const include = join(folder, 'include');
  for (const each of ['include', 'lib', 'generated', 'include/bpf']) mkdirSync(join(folder, each), { recursive: true });
  const multiarch = readdirSync(join(usr, 'include')).filter((name) => name.includes('-linux-'));
  for (const name of multiarch) cpSync(join(usr, 'include', name), include, { recursive: true });
  for (const name of ['linux', 'asm-generic'])
    cpSync(join(usr, 'include', name), join(include, name), { recursive: true });
  const muslLib = readdirSync(join(usr, 'lib')).find((name) => name.includes('-linux-musl'));
  for (const name of ['crt1.o', 'crti.o', 'crtn.o', 'libc.a', 'rcrt1.o']) {
    copyFileSync(join(usr, 'lib', muslLib, name), join(folder, 'lib', name));
  }
  for (const name of readdirSync(join(sources, 'libbpf/src')).filter((f) => f.endsWith('.h'))) {
    copyFileSync(join(sources, 'libbpf/src', name), join(include, 'bpf', name));
  }
  for (const name of ['zstd.h', 'zstd_errors.h']) copyFileSync(join(sources, 'libzstd/lib', name), join(include, name));
  const version = /\[(\d[^\]]*)\]/.exec(readFileSync(join(sources, 'elfutils/configure.ac'), 'utf8'))[1];
  writeFileSync(join(folder, 'generated/config.h'), `#define VERSION "${version}"\n${ELFUTILS_CONFIG}`);
  writeFileSync(join(folder, 'generated/libintl.h'), LIBINTL);
  writeFileSync(join(folder, 'generated/error.h'), ERROR_H);
  writeFileSync(join(folder, 'generated/no-zlib.c'), NO_ZLIB);
}

/** The parser of filters, as libpcap's own Makefile makes it. */
function generatePcap({ sources, folder }) {
  const target = join(folder, 'generated/pcap');
  const grammar = readFileSync(join(sources, 'libpcap/grammar.y.in'), 'utf8');
  mkdirSync(target);
  writeFileSync(join(target, 'config.h'), PCAP_CONFIG);
  writeFileSync(join(target, 'pcap-for-kernel.c'), PCAP_FOR_KERNEL);
  writeFileSync(join(target, 'grammar.y'), grammar.replace('@REENTRANT_PARSER@', '%define api.pure'));
  runNow('bison', ['-p', 'pcap_', '-d', '-o', 'grammar.c', 'grammar.y'], { cwd: target });
  const scanner = join(sources, 'libpcap/scanner.l');
  runNow('flex', ['-P', 'pcap_', '--header-file=scanner.h', '--nounput', '-o', 'scanner.c', scanner], { cwd: target });
  cpSync(join(sources, 'libpcap/pcap'), join(folder, 'include/pcap'), { recursive: true });
}
