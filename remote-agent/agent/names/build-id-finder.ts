/**
 * Finds a file by build-id among what running processes have mapped. Wanted for processes that are gone: whatever they
 * ran is mostly also mapped by their parent, by a sibling, or by init.
 */
import { readdirSync } from 'node:fs';
import { type Mapping, readMaps } from '../proc/maps.ts';

/** Looking through all processes takes some 20 ms on a PC and a second on a small board: rarely, then. */
const SCAN_PAUSE_MS = 15_000;
/** Of a look that takes longer, the rest is done when something is next sought: batches wait meanwhile. */
const SCAN_TURN_MS = 250;
const MAX_PROCESSES = 512;
const MAX_INDEXED = 4096;

export interface MappedFile {
  readonly pid: number;
  readonly mapping: Mapping;
}

export class BuildIdFinder {
  private readonly procRoot: string;
  private readonly buildIdOf: (file: MappedFile) => string;
  private readonly now: () => number;
  private readonly index = new Map<string, MappedFile>();
  private nextScanMs = Number.NEGATIVE_INFINITY;
  /** Processes that were not looked at yet. */
  private pending: number[] = [];

  /** `buildIdOf` answers '' for what has none. */
  constructor(procRoot: string, buildIdOf: (file: MappedFile) => string, now: () => number) {
    this.procRoot = procRoot;
    this.buildIdOf = buildIdOf;
    this.now = now;
  }

  find(buildId: string): MappedFile | null {
    const known = this.index.get(buildId);
    if (known || (this.pending.length === 0 && this.now() < this.nextScanMs)) return known ?? null;
    if (this.pending.length === 0) this.begin();
    this.scan(this.now() + SCAN_TURN_MS);
    if (this.pending.length === 0) this.nextScanMs = this.now() + SCAN_PAUSE_MS;
    return this.index.get(buildId) ?? null;
  }

  /** Parents are older than their children, so the oldest come first. */
  private begin(): void {
    if (this.index.size > MAX_INDEXED) this.index.clear();
    const pids = readdirSync(this.procRoot).filter((name) => /^\d+$/.test(name));
    this.pending = pids.slice(0, MAX_PROCESSES).map(Number).reverse();
  }

  private scan(deadlineMs: number): void {
    for (let pid = this.pending.pop(); pid !== undefined; pid = this.pending.pop()) {
      for (const mapping of readMaps(this.procRoot, pid) ?? []) {
        const buildId = this.buildIdOf({ pid, mapping });
        if (buildId !== '' && !this.index.has(buildId)) this.index.set(buildId, { pid, mapping });
      }
      if (this.now() >= deadlineMs) return;
    }
  }
}
