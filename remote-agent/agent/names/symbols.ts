/**
 * Gives names to user frames after they were sent: collects the offsets that have none, and every now and then reads a
 * module's symbol table once for all of them. Works in short turns between which the agent does its other work. A
 * module's table is read at once when it is first wanted, and again the later the more it cost: a small program's new
 * functions have their names within two seconds, whatever the large ones beside it take.
 */
import { closeSync, constants } from 'node:fs';
import { ModuleKind } from '../../protocol/generated/sonde_pb.ts';
import { symbolTable, vaddrOf } from '../elf/elf.ts';
import { FileReader } from '../elf/reader.ts';
import { symbolPass } from '../elf/symbol-pass.ts';
import { openRegular, ownerOf, readSmall } from '../proc/procfs.ts';
import type { Dictionary } from './dictionary.ts';
import type { Module } from './module.ts';
import { type OpenElf, openSymbols } from './module-file.ts';
import { PerfMap } from './perf-map.ts';

/** Addresses per pass: what one pass costs hardly depends on it, and it bounds what hostile symbols can cost. */
const MAX_PER_PASS = 512;
/** Between two readings of one table: new addresses gather meanwhile. */
const PAUSE_MS = 2000;
/** Our own runtime has more symbols than most programs together, and nobody connected to see it. */
const OWN_PAUSE_MS = 30_000;
/** CPU time that reading one module's table again may take, per time passed. */
const CPU_SHARE = 0.002;
const US_PER_MS = 1000;
/** All modules together; about 1.5 MB. Over it the least recently looked-up modules forget theirs. */
const MAX_RANGES = 12_000;
const MAX_PERF_MAPS = 8;
const PERF_MAP_BYTES_PER_TURN = 1 << 20;

export class Symbols {
  private readonly dictionary: Dictionary;
  private readonly procRoot: string;
  private readonly now: () => number;
  /** Modules with unnamed frames, in the order they asked. */
  private readonly waiting = new Set<Module>();
  /** Modules with known ranges, least recently extended first. */
  private readonly holders = new Set<Module>();
  private readonly perfMaps = new Map<number, PerfMap>();
  private isBusy = false;

  constructor(dictionary: Dictionary, procRoot: string, now: () => number) {
    this.dictionary = dictionary;
    this.procRoot = procRoot;
    this.now = now;
  }

  want(module: Module, frame: number, offset: number): void {
    if (module.kind === ModuleKind.UNKNOWN || module.kind === ModuleKind.KERNEL) return;
    module.want(frame, offset);
    if (module.dueMs === 0 && isOnlyOurs(module)) module.dueMs = this.now() + OWN_PAUSE_MS;
    this.waiting.add(module);
  }

  get isIdle(): boolean {
    return this.waiting.size === 0;
  }

  /** Works on whatever is due. Resolves when done; calls meanwhile do nothing. */
  async run(): Promise<void> {
    if (this.isBusy || this.dictionary.isFrozen) return;
    this.isBusy = true;
    try {
      const modules = [...this.waiting].sort((a, b) => a.dueMs - b.dueMs);
      for (const module of modules) if (module.dueMs <= this.now()) await this.name(module);
    } finally {
      this.isBusy = false;
    }
  }

  /** The last chance: every waiting module, whatever it cost before, until `deadlineMs`. */
  async finish(deadlineMs: number): Promise<void> {
    while (this.isBusy && this.now() < deadlineMs) await nextTurn();
    if (this.isBusy || this.dictionary.isFrozen) return;
    this.isBusy = true;
    try {
      for (const module of this.waiting) {
        if (this.now() >= deadlineMs) return;
        await this.name(module);
      }
    } finally {
      this.isBusy = false;
    }
  }

  private async name(module: Module): Promise<void> {
    const before = process.cpuUsage();
    const batch = takeBatch(module);
    if (module.wantedFrames.length === 0) this.waiting.delete(module);
    if (module.kind === ModuleKind.JIT) await this.nameJit(module, batch);
    else await this.nameElf(module, batch);
    const { user, system } = process.cpuUsage(before);
    const workMs = (user + system) / US_PER_MS;
    module.dueMs = this.now() + Math.max(isOnlyOurs(module) ? OWN_PAUSE_MS : PAUSE_MS, workMs / CPU_SHARE);
  }

  private async nameElf(module: Module, batch: readonly Wanted[]): Promise<void> {
    const opened = openSymbols(this.procRoot, module);
    if (!opened) return;
    try {
      await this.passOver(opened, module, batch);
    } finally {
      opened.close();
    }
    this.forget(module);
  }

  private async passOver({ elf, reader }: OpenElf, module: Module, batch: readonly Wanted[]): Promise<void> {
    const symbols = symbolTable(elf);
    if (!symbols) return;
    const placed = batch
      .map((wanted) => ({ ...wanted, address: vaddrOf(elf, wanted.offset) }))
      .filter(({ address }) => address >= 0);
    placed.sort((a, b) => a.address - b.address);
    const pass = symbolPass(
      reader,
      elf,
      symbols,
      placed.map(({ address }) => address),
    );
    let turn = pass.next();
    for (; !turn.done; turn = pass.next()) await nextTurn();
    for (const [i, { frame, offset, address }] of placed.entries()) {
      const range = turn.value[i];
      if (!range) continue;
      const shift = offset - address;
      module.ranges.add(range.start + shift, range.end + shift, range.name);
      this.dictionary.name(frame, { name: Buffer.from(range.name, 'latin1'), interpreted: false });
    }
  }

  private async nameJit(module: Module, batch: readonly Wanted[]): Promise<void> {
    const file = openPerfMap(this.procRoot, module.pid);
    if (!file) return;
    try {
      const reader = new FileReader(file.fd);
      const map = this.perfMap(module.pid);
      while (map.extend(reader, PERF_MAP_BYTES_PER_TURN)) await nextTurn();
      for (const { frame, offset } of batch) {
        const name = map.find(reader, offset);
        if (name) this.dictionary.name(frame, { name, interpreted: true });
      }
    } finally {
      closeSync(file.fd);
    }
  }

  private perfMap(pid: number): PerfMap {
    const map = this.perfMaps.get(pid) ?? new PerfMap();
    this.perfMaps.delete(pid);
    this.perfMaps.set(pid, map);
    const [oldest] = this.perfMaps.keys();
    if (this.perfMaps.size > MAX_PERF_MAPS && oldest !== undefined) this.perfMaps.delete(oldest);
    return map;
  }

  private forget(latest: Module): void {
    this.holders.delete(latest);
    this.holders.add(latest);
    let total = 0;
    for (const holder of this.holders) total += holder.ranges.size;
    for (const holder of this.holders) {
      if (total <= MAX_RANGES) return;
      total -= holder.ranges.size;
      holder.ranges.clear();
      this.holders.delete(holder);
    }
  }
}

interface Wanted {
  readonly frame: number;
  readonly offset: number;
}

function isOnlyOurs({ files }: Module): boolean {
  return files.length > 0 && files.every(({ pid }) => pid === process.pid);
}

function takeBatch(module: Module): Wanted[] {
  const offsets = module.wantedOffsets.splice(0, MAX_PER_PASS);
  return module.wantedFrames.splice(0, MAX_PER_PASS).map((frame, i) => ({ frame, offset: offsets[i] ?? 0 }));
}

/** Only a file that the process itself (or root) wrote, and no link: anyone may write to /tmp. */
function openPerfMap(procRoot: string, pid: number): { fd: number; size: number } | null {
  const status = readSmall(`${procRoot}/${pid}/status`);
  const inner = status?.match(/^NSpid:.*?(\d+)$/m)?.[1] ?? String(pid);
  const file = openRegular(`${procRoot}/${pid}/root/tmp/perf-${inner}.map`, constants.O_NOFOLLOW);
  if (!file || file.uid === 0 || file.uid === ownerOf(`${procRoot}/${pid}`)) return file;
  closeSync(file.fd);
  return null;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
