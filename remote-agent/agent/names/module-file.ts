/**
 * Opens the file behind a mapping: through the kernel's own link to it first (right even when it was deleted or lies in
 * another mount namespace), else by its path as the process sees it, else by that path on the host. A file found by
 * path alone is believed only if its build-id is the expected one.
 */
import { closeSync, readSync } from 'node:fs';
import { hexText } from '../../protocol/index.ts';
import { type Elf, parseElf, symbolTable } from '../elf/elf.ts';
import { type ByteReader, FileReader, MemoryReader } from '../elf/reader.ts';
import { openFile, openRegular } from '../proc/procfs.ts';
import type { Module, ModuleFile } from './module.ts';

const DELETED = ' (deleted)';
/** A vDSO is 8 KiB; nothing larger is one. */
const MAX_VDSO_BYTES = 64 << 10;

export interface OpenElf {
  readonly elf: Elf;
  readonly reader: ByteReader;
  close(): void;
}

/** The ELF file of a mapping; null where it cannot be opened or is none. */
export function openMapped(procRoot: string, file: ModuleFile, expectedBuildId: string | null): OpenElf | null {
  const path = file.path.endsWith(DELETED) ? file.path.slice(0, -DELETED.length) : file.path;
  const places = [
    { path: `${procRoot}/${file.pid}/map_files/${file.range}`, isSure: true },
    { path: `${procRoot}/${file.pid}/root${path}`, isSure: false },
    { path, isSure: false },
  ];
  for (const place of places) {
    const opened = openElf(place.path);
    if (!opened) continue;
    const buildId = hexText(opened.elf.buildId);
    if (
      expectedBuildId === null
        ? place.isSure || buildId !== ''
        : buildId === expectedBuildId && (place.isSure || buildId !== '')
    )
      return opened;
    opened.close();
  }
  return null;
}

export function openElf(path: string): OpenElf | null {
  const file = openRegular(path);
  if (!file) return null;
  const reader = new FileReader(file.fd);
  const elf = guarded(() => parseElf(reader));
  if (elf) return { elf, reader, close: () => closeSync(file.fd) };
  closeSync(file.fd);
  return null;
}

/** Where the module's symbols are: its own file or, where that was stripped, the debug file that belongs to it. */
export function openSymbols(procRoot: string, module: Module): OpenElf | null {
  if (module.image) return openImage(module.image);
  let stripped: OpenElf | null = null;
  for (const file of module.files) {
    const opened = openMapped(procRoot, file, module.buildId);
    if (!opened) continue;
    if (symbolTable(opened.elf)?.isFull) return opened;
    stripped = opened;
    break;
  }
  const debug = module.buildId ? openDebugFile(procRoot, module) : null;
  if (!debug) return stripped;
  if (!stripped) return debug; // segments of a debug file have no bytes, but the same addresses
  const { elf } = stripped;
  stripped.close();
  return { elf: { ...debug.elf, segments: elf.segments }, reader: debug.reader, close: () => debug.close() };
}

function openDebugFile(procRoot: string, module: Module): OpenElf | null {
  const path = `/usr/lib/debug/.build-id/${module.buildId.slice(0, 2)}/${module.buildId.slice(2)}.debug`;
  const roots = new Set(module.files.map(({ pid }) => `${procRoot}/${pid}/root`)).add('');
  for (const root of roots) {
    const opened = openElf(root + path);
    if (opened && hexText(opened.elf.buildId) === module.buildId && symbolTable(opened.elf)?.isFull) return opened;
    opened?.close();
  }
  return null;
}

function openImage(image: Uint8Array): OpenElf | null {
  const reader = new MemoryReader(image);
  const elf = parseElf(reader);
  return elf ? { elf, reader, close: () => {} } : null;
}

/** The vDSO as it lies in a process. */
export function readVdso(procRoot: string, pid: number, start: number, end: number): Uint8Array | null {
  const fd = openFile(`${procRoot}/${pid}/mem`);
  if (fd === null) return null;
  try {
    const image = new Uint8Array(Math.min(end - start, MAX_VDSO_BYTES));
    return image.subarray(0, readSync(fd, image, 0, image.length, start));
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** Reading may fail (a disk error, a network file system): the file is then as if it were not there. */
function guarded<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
