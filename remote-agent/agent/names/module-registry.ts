/**
 * Every module of the run: found by mapping, by build-id, or by being the one of its kind. Modules with equal build-ids
 * are one, whatever their paths: containers bring the same library many times.
 */
import { basename } from 'node:path';
import { hexText } from '../../protocol/index.ts';
import { ModuleKind } from '../../protocol/generated/sonde_pb.ts';
import { parseElf } from '../elf/elf.ts';
import { MemoryReader } from '../elf/reader.ts';
import type { Mapping } from '../proc/maps.ts';
import { BuildIdFinder } from './build-id-finder.ts';
import type { Dictionary } from './dictionary.ts';
import { Module, type ModuleFile } from './module.ts';
import { openElf, openMapped, readVdso } from './module-file.ts';

/** Build-ids of files already looked at. A device has a few thousand executables; beyond that the oldest are read anew. */
const MAX_FILES = 4096;
/** Modules remembered, 1 KB each. Beyond that all are forgotten; those still in use are defined again. */
const MAX_REMEMBERED = 2048;
const PROGRAM_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];
const KERNEL_BUILD_ID_DIGITS = 40;

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const hex = (text: string) => Buffer.from(text, 'hex');

export class ModuleRegistry {
  private readonly dictionary: Dictionary;
  private readonly procRoot: string;
  /** "device:inode path" → build-id; '' = none. */
  private readonly buildIds = new Map<string, string>();
  /** By build-id, or by file where there is none. */
  private readonly modules = new Map<string, Module>();

  private readonly finder: BuildIdFinder;

  constructor(dictionary: Dictionary, procRoot: string, now: () => number) {
    this.dictionary = dictionary;
    this.procRoot = procRoot;
    this.finder = new BuildIdFinder(
      procRoot,
      ({ pid, mapping }) => (isFile(mapping) ? this.buildIdOf(fileOf(pid, mapping), mapping) : ''),
      now,
    );
  }

  /** null where the dictionary has no room. */
  ofMapping(pid: number, mapping: Mapping, exe: string): Module | null {
    if (mapping.path === '[vdso]') return this.vdso(pid, mapping);
    const file = fileOf(pid, mapping);
    const buildId = this.buildIdOf(file, mapping);
    const kind = mapping.path === exe ? ModuleKind.EXECUTABLE : ModuleKind.LIBRARY;
    const module = this.module(buildId || `${mapping.file} ${mapping.path}`, kind, mapping.path, buildId);
    if (module && !module.files.some((known) => known.pid === pid)) module.addFile(file);
    return module;
  }

  /** Anonymous executable memory: a module per process, or equal addresses of two processes would be one frame. */
  jit(pid: number): Module | null {
    const id = this.dictionary.module({ kind: ModuleKind.JIT, path: latin1('[jit]'), buildId: new Uint8Array(0) });
    if (id === 0) return null;
    const module = new Module(id, ModuleKind.JIT, '');
    module.pid = pid;
    return module;
  }

  unknown(): Module | null {
    return this.module('[unknown]', ModuleKind.UNKNOWN, '[unknown]', '');
  }

  /** "" = the kernel itself, else the name of a kernel module. */
  kernel(name: string): Module | null {
    const path = `[${name || 'kernel'}]`;
    return this.module(`kernel ${path}`, ModuleKind.KERNEL, path, '');
  }

  /**
   * The module of a build-id the kernel reported, in a process that may be gone. `mappings` are the process's, where
   * they could be read; `comm` is a last guess at the program's path, believed only if the build-id is right.
   */
  ofBuildId(
    kernelBuildId: string,
    pid: number,
    mappings: readonly Mapping[],
    exe: string,
    comm: string,
  ): Module | null {
    const buildId = trimBuildId(kernelBuildId);
    const known = this.modules.get(buildId);
    if (known) return known;
    const mapping = this.findMapping(pid, mappings, buildId);
    if (mapping) return this.ofMapping(pid, mapping, exe);
    const elsewhere = this.finder.find(buildId);
    if (elsewhere) return this.ofMapping(elsewhere.pid, elsewhere.mapping, '');
    const path = guessProgram(comm, buildId);
    const module = this.module(buildId, path ? ModuleKind.EXECUTABLE : ModuleKind.LIBRARY, path, buildId);
    if (module && path) module.addFile({ pid, range: '', path });
    return module;
  }

  private findMapping(pid: number, mappings: readonly Mapping[], buildId: string): Mapping | undefined {
    return mappings.find((one) => isFile(one) && this.buildIdOf(fileOf(pid, one), one) === buildId);
  }

  private vdso(pid: number, { start, end }: Mapping): Module | null {
    const image = readVdso(this.procRoot, pid, start, end);
    const elf = image && parseElf(new MemoryReader(image));
    const buildId = hexText(elf?.buildId ?? new Uint8Array(0));
    const module = this.module(buildId || '[vdso]', ModuleKind.VDSO, '[vdso]', buildId);
    if (module && elf) module.image = image;
    return module;
  }

  private module(key: string, kind: ModuleKind, path: string, buildId: string): Module | null {
    const known = this.modules.get(key);
    if (known) return known;
    const id = this.dictionary.module({ kind, path: latin1(path), buildId: hex(buildId) });
    if (id === 0) return null;
    if (this.modules.size >= MAX_REMEMBERED) this.modules.clear();
    const module = new Module(id, kind, buildId);
    this.modules.set(key, module);
    return module;
  }

  private buildIdOf(file: ModuleFile, mapping: Mapping): string {
    const key = `${mapping.file} ${mapping.path}`;
    const known = this.buildIds.get(key);
    if (known !== undefined) return known;
    const opened = openMapped(this.procRoot, file, null);
    const buildId = hexText(opened?.elf.buildId ?? new Uint8Array(0));
    opened?.close();
    if (this.buildIds.size >= MAX_FILES) this.buildIds.clear();
    this.buildIds.set(key, buildId);
    return buildId;
  }
}

/** Anonymous memory, shared memory and memfds hold code that was written at run time. */
export function isFile({ path }: Mapping): boolean {
  return path.startsWith('/') && !/^\/(?:memfd:|dev\/zero|dev\/shm\/|SYSV|\/anon)/.test(path);
}

function fileOf(pid: number, { start, end, path }: Mapping): ModuleFile {
  return { pid, range: `${start.toString(16)}-${end.toString(16)}`, path };
}

/** The kernel hands out 20 bytes; shorter ids (16 of MD5, 8 of some linkers) are followed by zeros. */
function trimBuildId(buildId: string): string {
  if (buildId.length !== KERNEL_BUILD_ID_DIGITS) return buildId;
  for (const digits of [16, 32]) if (/^0+$/.test(buildId.slice(digits))) return buildId.slice(0, digits);
  return buildId;
}

function guessProgram(comm: string, buildId: string): string {
  if (comm === '' || basename(comm) !== comm) return '';
  for (const name of [comm, 'busybox']) {
    for (const folder of PROGRAM_FOLDERS) {
      const opened = openElf(`${folder}/${name}`);
      const found = hexText(opened?.elf.buildId ?? new Uint8Array(0));
      opened?.close();
      if (found === buildId) return `${folder}/${name}`;
    }
  }
  return '';
}
