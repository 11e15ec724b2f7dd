/** A module of the run: something that has addresses and perhaps names for them. */
import type { ModuleKind } from '../../protocol/generated/sonde_pb.ts';
import { NamedRanges } from './ranges.ts';

/** Where the module's file can be opened: through any process that has it mapped. */
export interface ModuleFile {
  readonly pid: number;
  /** As in /proc/PID/map_files: "7f12a000-7f12b000". */
  readonly range: string;
  readonly path: string;
}

/** The latest few are enough: one of them is likely still alive. */
const MAX_FILES = 4;
/** Frames that wait for a name. Beyond this a frame stays unnamed here; the workstation may still name it. */
const MAX_WANTED = 4096;

export class Module {
  readonly id: number;
  readonly kind: ModuleKind;
  /** Lower-case hex; '' where the file has none. */
  readonly buildId: string;
  readonly files: ModuleFile[] = [];
  readonly ranges = new NamedRanges();
  /** Frames without a name yet: ids and their offsets, side by side. */
  wantedFrames: number[] = [];
  wantedOffsets: number[] = [];
  /** The vDSO has no file; this is its image. */
  image: Uint8Array | null = null;
  /** JIT code belongs to one process. */
  pid = 0;
  /** When names may be looked up next: a large table must not be read too often. */
  dueMs = 0;

  constructor(id: number, kind: ModuleKind, buildId: string) {
    this.id = id;
    this.kind = kind;
    this.buildId = buildId;
  }

  want(frame: number, offset: number): void {
    if (this.wantedFrames.length >= MAX_WANTED) return;
    this.wantedFrames.push(frame);
    this.wantedOffsets.push(offset);
  }

  addFile(file: ModuleFile): void {
    this.files.unshift(file);
    this.files.length = Math.min(this.files.length, MAX_FILES);
  }
}
