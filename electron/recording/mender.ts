/**
 * Keeps the dictionaries whole when a part of the file is lost. Ids are dense and come before their use; behind a hole
 * they would not, and nothing that follows could be read. The mender puts placeholders where definitions are missing:
 *
 *      frames 1 2 3 ╳╳╳╳╳ 9 10         →        frames 1 2 3 [lost] [lost] [lost] [lost] [lost] 9 10
 */
import { create } from '@bufbuild/protobuf';
import {
  type AgentFrame,
  type ColumnType,
  findProbe,
  MAX_FLOWS,
  MAX_FRAMES,
  MAX_MODULES,
  MAX_PROCESSES,
  MAX_RUN_ROWS,
  MAX_STACK_NODES,
  MAX_THREADS,
  MAX_WINDOW_ROWS,
  unpackColumn,
} from '../../remote-agent/protocol/index.ts';
import {
  AgentFrameSchema,
  DefinitionsSchema,
  DeviceInfoSchema,
  type Window,
  type WindowRun,
} from '../../remote-agent/protocol/generated/sonde_pb.ts';

const LOST = new TextEncoder().encode('[lost]');
const RUN_ID_LENGTH = 16;

interface Sizes {
  processes: number;
  threads: number;
  modules: number;
  frames: number;
  stacks: number;
  /** The highest id. Of flows only that one is made up: the others may be missing. */
  flows: number;
}
const NONE: Sizes = { processes: 0, threads: 0, modules: 0, frames: 0, stacks: 0, flows: 0 };
/** A file may claim any id: beyond these the decoder refuses it, so nothing is made up for it. */
const LIMITS: Sizes = {
  processes: MAX_PROCESSES,
  threads: MAX_THREADS,
  modules: MAX_MODULES,
  frames: MAX_FRAMES,
  stacks: MAX_STACK_NODES,
  flows: MAX_FLOWS,
};
const TABLE_OF: Readonly<Partial<Record<ColumnType, keyof Sizes>>> = {
  flow: 'flows',
  stack: 'stacks',
  thread: 'threads',
};
const TABLES = Object.keys(NONE) as (keyof Sizes)[];

export class Mender {
  private sizes: Sizes = { ...NONE };
  private device: AgentFrame | null = null;
  private readonly hostname: string;

  constructor(hostname: string) {
    this.hostname = hostname;
  }

  /** Of the run that is being read, told or made up. */
  get hasDevice(): boolean {
    return this.device !== null;
  }

  /** The frame, after what must come before it so that it can be decoded. */
  mend(frame: AgentFrame): AgentFrame[] {
    if (frame.body.case === 'device') {
      this.sizes = { ...NONE };
      this.device = frame;
      return [frame];
    }
    const mended: AgentFrame[] = [];
    if (this.device === null || this.isNewRun(frame)) {
      mended.push(this.placeholderDevice());
      this.sizes = { ...NONE };
    }
    const { before, after } = this.needs(frame);
    const filler = this.fill(before);
    if (filler) mended.push(filler);
    for (const table of TABLES) this.sizes[table] = Math.max(this.sizes[table], after[table]);
    return [...mended, frame];
  }

  /** What must come before a run of windows. */
  mendRun(run: WindowRun): AgentFrame[] {
    const mended: AgentFrame[] = this.device === null ? [this.placeholderDevice()] : [];
    const uses = { ...this.sizes };
    for (const [i, spec] of (findProbe(run.probe)?.columns ?? []).entries()) {
      const table = TABLE_OF[spec.type];
      const column = run.columns[i];
      const ids = new Float64Array(Math.min(run.rows, MAX_RUN_ROWS));
      if (table && column && unpackColumn(column.compact, { type: spec.type }, ids))
        uses[table] = highest(ids, uses[table]);
    }
    const filler = this.fill(uses);
    return filler ? [...mended, filler] : mended;
  }

  /** Ids that are given a second time: the device record between two runs is lost. */
  private isNewRun(frame: AgentFrame): boolean {
    const { before, after } = this.needs(frame);
    return TABLES.some((table) => after[table] > 0 && before[table] < this.sizes[table]);
  }

  /** How large the tables must be before the frame, and are after it. */
  private needs({ body }: AgentFrame): { before: Sizes; after: Sizes } {
    if (body.case === 'window') {
      const uses = this.usedByWindow(body.value);
      return { before: uses, after: NONE };
    }
    if (body.case !== 'definitions') return { before: this.sizes, after: NONE };
    const { processes, threads, modules, frames, firstStack, stackParents, stackFrames, names, flows } = body.value;
    const before = { ...this.sizes };
    const after = { ...NONE };
    const run = (table: keyof Sizes, first: number | undefined, count: number): void => {
      if (first === undefined || count === 0) return;
      before[table] = first - 1;
      after[table] = first - 1 + count;
    };
    run('processes', processes[0]?.id, processes.length);
    run('threads', threads[0]?.id, threads.length);
    run('modules', modules[0]?.id, modules.length);
    run('frames', frames[0]?.id, frames.length);
    run('stacks', firstStack, stackParents.length);
    run('flows', flows?.first, flows?.count ?? 0);
    // What the additions refer to and did not bring along.
    const missing = (table: keyof Sizes, ids: Iterable<number>): void => {
      if (after[table] === 0) before[table] = highest(ids, before[table]);
    };
    missing(
      'processes',
      map(threads, (thread) => thread.process),
    );
    missing(
      'modules',
      map(frames, (frame) => frame.module),
    );
    missing('frames', stackFrames);
    missing(
      'frames',
      map(names, (name) => name.frame),
    );
    return { before, after };
  }

  private usedByWindow(window: Window): Sizes {
    const uses = { ...this.sizes };
    for (const [i, column] of (findProbe(window.probe)?.columns ?? []).entries()) {
      const table = TABLE_OF[column.type];
      if (table) uses[table] = highest(idsOf(window, i), uses[table]);
    }
    return uses;
  }

  /** null where nothing is missing. */
  private fill(wanted: Sizes): AgentFrame | null {
    const missing = { ...NONE };
    for (const table of TABLES)
      missing[table] = wanted[table] <= LIMITS[table] ? Math.max(0, wanted[table] - this.sizes[table]) : 0;
    if (TABLES.every((table) => missing[table] === 0)) return null;
    // A thread needs a process, a frame a module, a node a frame. Which ones is lost: the newest must stand in.
    if (missing.threads > 0 && this.sizes.processes + missing.processes === 0) missing.processes = 1;
    if (missing.stacks > 0 && this.sizes.frames + missing.frames === 0) missing.frames = 1;
    if (missing.frames > 0 && this.sizes.modules + missing.modules === 0) missing.modules = 1;
    const { sizes } = this;
    const ids = (table: keyof Sizes): number[] =>
      Array.from({ length: missing[table] }, (_, i) => sizes[table] + 1 + i);
    const value = create(DefinitionsSchema, {
      processes: ids('processes').map((id) => ({ id, comm: LOST })),
      threads: ids('threads').map((id) => ({
        id,
        process: Math.max(1, sizes.processes + missing.processes),
        comm: LOST,
      })),
      modules: ids('modules').map((id) => ({ id, path: LOST })),
      frames: ids('frames').map((id) => ({ id, module: Math.max(1, sizes.modules + missing.modules), name: LOST })),
      firstStack: missing.stacks > 0 ? sizes.stacks + 1 : 0,
      stackParents: ids('stacks').map(() => 0),
      stackFrames: ids('stacks').map(() => Math.max(1, sizes.frames + missing.frames)),
      ...(missing.flows > 0 ? { flows: { first: sizes.flows + missing.flows, count: 1 } } : {}),
    });
    for (const table of TABLES) sizes[table] += missing[table];
    return create(AgentFrameSchema, { body: { case: 'definitions', value } });
  }

  private placeholderDevice(): AgentFrame {
    this.device ??= create(AgentFrameSchema, {
      body: {
        case: 'device',
        value: create(DeviceInfoSchema, {
          hostname: new TextEncoder().encode(this.hostname),
          runId: new Uint8Array(RUN_ID_LENGTH),
        }),
      },
    });
    return this.device;
  }
}

/** None where the column is damaged: the decoder will say so. */
function idsOf({ probe, rows, columns }: Window, index: number): Iterable<number> {
  const manifest = findProbe(probe);
  const spec = manifest?.columns[index];
  const column = columns[index];
  if (!manifest?.compact || !spec) return column?.u32 ?? [];
  const ids = new Uint32Array(Math.min(rows, MAX_WINDOW_ROWS));
  return column && unpackColumn(column.compact, spec, ids) ? ids : [];
}

function highest(ids: Iterable<number>, atLeast: number): number {
  let result = atLeast;
  for (const id of ids) if (id > result) result = id;
  return result;
}

function* map<T>(items: readonly T[], of: (item: T) => number): Generator<number> {
  for (const item of items) yield of(item);
}
