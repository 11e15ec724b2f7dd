/**
 * Many windows of one probe as one message: small, because like rows stand side by side, and quick to read, because
 * there are no messages within. The same windows come out as went in; the rows of a window in another order, where they
 * are counts.
 */
import { create } from '@bufbuild/protobuf';
import { ColumnPacker, type PackedSpec } from './columns.ts';
import { type WindowRun, WindowRunSchema } from './generated/sonde_pb.ts';
import { NUMBER, type OrderedWindow, RISING, RunRows } from './run-rows.ts';
import type { Counters, WindowSignal } from './signal.ts';

export function packNumbers(values: ArrayLike<number>, spec: PackedSpec): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new ColumnPacker(values.length).pack(values, spec));
}

/** Whether both may stand in one run. */
function fitsRun(run: readonly OrderedWindow[], next: WindowSignal): boolean {
  const first = run[0]?.window;
  if (!first) return true;
  if (first.probe !== next.probe || first.columns.length !== next.columns.length) return false;
  // In a run the causes of loss have one order.
  return next.counters.lost.length === 0 || run.every(({ window }) => sameOrder(window.counters, next.counters));
}

function sameOrder(a: Counters, b: Counters): boolean {
  if (a.lost.length === 0) return true;
  return a.lost.length === b.lost.length && a.lost.every(({ cause }, i) => cause === b.lost[i]?.cause);
}

/** A run is read as a whole. */
const MOST_RUN_ROWS = 1 << 19;

/** As few runs as can be. */
export function* runsOf(windows: readonly OrderedWindow[]): Generator<readonly OrderedWindow[]> {
  let run: OrderedWindow[] = [];
  let rows = 0;
  for (const each of windows) {
    rows += each.window.rows;
    if (run.length > 0 && (rows > MOST_RUN_ROWS || !fitsRun(run, each.window))) {
      yield run;
      run = [];
      rows = each.window.rows;
    }
    run.push(each);
  }
  if (run.length > 0) yield run;
}

/** Of one probe that is known here, in order, at least one. */
export function encodeRun(windows: readonly OrderedWindow[]): WindowRun {
  return encodeRows(new RunRows(windows));
}

export function encodeRows(rows: RunRows): WindowRun {
  const { windows, manifest } = rows;
  const packer = new ColumnPacker(windows.length);
  const list = (of: (window: OrderedWindow) => number, spec: PackedSpec) => packer.pack(windows.map(of), spec).slice();
  const counters = (of: (counters: Counters) => number) => list(({ window }) => of(window.counters), NUMBER);
  return create(WindowRunSchema, {
    probe: manifest.id,
    windows: windows.length,
    rows: rows.count,
    order: list(({ order }) => order, RISING),
    from: list(({ window }) => window.fromNs, RISING),
    length: list(({ window }) => window.toNs - window.fromNs, NUMBER),
    drains: list(({ window }) => window.drains, NUMBER),
    seen: counters(({ seen }) => seen),
    kept: counters(({ kept }) => kept),
    idle: counters(({ idle }) => idle),
    filtered: counters(({ filtered }) => filtered),
    incompleteStacks: counters(({ incompleteStacks }) => incompleteStacks),
    lost: (windows.find(({ window }) => window.counters.lost.length > 0)?.window.counters.lost ?? []).map(
      ({ cause }) => ({
        cause,
        count: counters(({ lost }) => (lost.find((entry) => entry.cause === cause)?.count ?? -1) + 1),
      }),
    ),
    window: rows.windowColumn(),
    columns: rows.columns(),
  });
}
