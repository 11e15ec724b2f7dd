/**
 * Merging two windows of one probe into one. Time resolution is lost and nothing else: every sum column and every
 * counter of the result is the sum of both. Pure; the manifest's roles say how rows become one.
 */
import { create } from '@bufbuild/protobuf';
import { COLUMN_FIELD } from './decode-window.ts';
import {
  type Column,
  ColumnSchema,
  type Counters,
  CountersSchema,
  LostSchema,
  type Window,
  WindowSchema,
} from './generated/sonde_pb.ts';
import type { ProbeManifest } from './manifest.ts';
import { RowIndex } from './row-index.ts';

const MAX_U32 = 0xffff_ffff;

export function mergeWindows(manifest: ProbeManifest, a: Window, b: Window): Window {
  if (a.probe !== manifest.id || b.probe !== manifest.id)
    throw new Error(`merging windows of ${a.probe} and ${b.probe}`);
  const merged = create(WindowSchema, {
    probe: manifest.id,
    fromNs: a.fromNs < b.fromNs ? a.fromNs : b.fromNs,
    toNs: a.toNs > b.toNs ? a.toNs : b.toNs,
    columns: manifest.columns.map(() => create(ColumnSchema)),
    counters: mergeCounters(a.counters, b.counters),
    drains: Math.max(1, a.drains) + Math.max(1, b.drains),
  });
  const index = new RowIndex(manifest, merged.columns);
  for (const window of [a, b]) addRows(manifest, merged, index, window);
  return merged;
}

/** Makes rows with equal keys one: what a window needs whose rows were written without looking. */
export function compactWindow(manifest: ProbeManifest, window: Window): void {
  const { columns, rows } = window;
  window.columns = manifest.columns.map(() => create(ColumnSchema));
  window.rows = 0;
  addRows(manifest, window, new RowIndex(manifest, window.columns), { columns, rows });
}

/** The window without its rows; what they stood for is counted as lost. For when there is room for nothing else. */
export function emptyWindow(window: Window, cause: string): void {
  const counters = window.counters ?? create(CountersSchema);
  addLost(counters, cause, counters.kept);
  counters.kept = 0n;
  counters.incompleteStacks = 0n;
  window.counters = counters;
  window.rows = 0;
  window.columns = window.columns.map(() => create(ColumnSchema));
}

export function addLost(counters: Counters, cause: string, count: bigint): void {
  if (count === 0n) return;
  const entry = counters.lost.find((lost) => lost.cause === cause);
  if (entry) entry.count += count;
  else counters.lost.push(create(LostSchema, { cause, count }));
}

function mergeCounters(a: Counters | undefined, b: Counters | undefined): Counters {
  const sum = create(CountersSchema);
  for (const part of [a, b]) {
    if (!part) continue;
    sum.seen += part.seen;
    sum.kept += part.kept;
    sum.idle += part.idle;
    sum.filtered += part.filtered;
    sum.incompleteStacks += part.incompleteStacks;
    for (const { cause, count } of part.lost) addLost(sum, cause, count);
  }
  return sum;
}

function addRows(manifest: ProbeManifest, into: Window, index: RowIndex, from: Pick<Window, 'columns' | 'rows'>): void {
  for (let row = 0; row < from.rows; row++) {
    const same = index.find(from.columns, row);
    if (same >= 0 && fits(manifest, into.columns, same, from.columns, row)) {
      combine(manifest, into.columns, same, from.columns, row);
      continue;
    }
    append(manifest, into.columns, from.columns, row);
    index.add(into.rows);
    into.rows++;
  }
}

/** A 32-bit sum that would overflow stays a row of its own: totals stay exact. */
function fits(manifest: ProbeManifest, into: Column[], at: number, from: Column[], row: number): boolean {
  return manifest.columns.every(
    ({ role, type }, i) =>
      role !== 'sum' || COLUMN_FIELD[type] !== 'u32' || (into[i]?.u32[at] ?? 0) + (from[i]?.u32[row] ?? 0) <= MAX_U32,
  );
}

function combine(manifest: ProbeManifest, into: Column[], at: number, from: Column[], row: number): void {
  for (const [i, { role, type }] of manifest.columns.entries()) {
    const to = into[i];
    const source = from[i];
    if (!to || !source || role === 'key') continue;
    if (COLUMN_FIELD[type] === 'u32')
      to.u32[at] =
        role === 'sum' ? (to.u32[at] ?? 0) + (source.u32[row] ?? 0) : Math.max(to.u32[at] ?? 0, source.u32[row] ?? 0);
    else if (COLUMN_FIELD[type] === 'u64')
      to.u64[at] =
        role === 'sum' ? (to.u64[at] ?? 0n) + (source.u64[row] ?? 0n) : larger(to.u64[at] ?? 0n, source.u64[row] ?? 0n);
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function append(manifest: ProbeManifest, into: Column[], from: Column[], row: number): void {
  for (const [i, { type }] of manifest.columns.entries()) {
    const to = into[i];
    const source = from[i];
    if (!to || !source) continue;
    const field = COLUMN_FIELD[type];
    if (field === 'u32') to.u32.push(source.u32[row] ?? 0);
    else if (field === 'u64') to.u64.push(source.u64[row] ?? 0n);
    else to.blob.push(source.blob[row] ?? new Uint8Array(0));
  }
}
