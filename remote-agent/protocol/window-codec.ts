/** A window that is added up, as bytes of a Window message and back. Only the agent needs it; readers go through decode.ts. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type ColumnPacker, unpackColumn } from './columns.ts';
import { COLUMN_FIELD } from './decode-window.ts';
import { ColumnSchema, WindowSchema } from './generated/sonde_pb.ts';
import type { ColumnSpec, ProbeManifest } from './manifest.ts';
import { MAX_PACKED_BYTES, readPacked, writePacked } from './packed.ts';
import { sharedPacker } from './shared-packer.ts';
import type { SumColumn } from './window-memory.ts';
import { emptyCounters, WindowSum } from './window-sum.ts';

const COLUMNS = WindowSchema.field.columns.number;

/** Fields of a message may stand in any order, so the columns follow what protobuf writes of all the rest. */
export function encodeWindowSum(window: WindowSum): Uint8Array {
  const { manifest, fromNs, toNs, counters, drains, rows } = window;
  const head = create(WindowSchema, { probe: manifest.id, fromNs, toNs, rows, counters, drains });
  const writer = new BinaryWriter().raw(toBinary(WindowSchema, head));
  const scratch = new Uint8Array(manifest.compact ? 0 : rows * MAX_PACKED_BYTES);
  const packer = manifest.compact ? sharedPacker(rows, firstKey(window)) : null;
  for (const [i, column] of window.columns.entries()) {
    writer.tag(COLUMNS, WireType.LengthDelimited).fork();
    if (Array.isArray(column)) writeBlobs(writer, packer ? inOrder(column, rows, packer) : column.slice(0, rows));
    else if (packer) writeCompact(writer, packer.pack(column, manifest.columns[i] as ColumnSpec));
    else if (rows > 0) writeNumbers(writer, column, rows, scratch);
    writer.join();
  }
  return writer.finish();
}

/** Ids given one after the other stand side by side then, and what they name came at one time. */
function firstKey({ columns: [first] }: WindowSum): Uint32Array | null {
  return first instanceof Uint32Array ? first : null;
}

function inOrder(blobs: readonly Uint8Array[], rows: number, { order }: ColumnPacker): Uint8Array[] {
  return Array.from(order.subarray(0, rows), (row) => blobs[row] as Uint8Array);
}

function writeCompact(writer: BinaryWriter, bytes: Uint8Array): void {
  if (bytes.length > 0) writer.tag(ColumnSchema.field.compact.number, WireType.LengthDelimited).bytes(bytes);
}

function writeNumbers(
  writer: BinaryWriter,
  column: Uint32Array | Float64Array,
  rows: number,
  scratch: Uint8Array,
): void {
  const { u32, u64 } = ColumnSchema.field;
  const length = writePacked(column, rows, scratch, 0);
  writer.tag((column instanceof Uint32Array ? u32 : u64).number, WireType.LengthDelimited);
  writer.bytes(scratch.subarray(0, length));
}

function writeBlobs(writer: BinaryWriter, blobs: readonly Uint8Array[]): void {
  const { number } = ColumnSchema.field.blob;
  for (const blob of blobs) writer.tag(number, WireType.LengthDelimited).bytes(blob);
}

/** Of bytes that encodeWindowSum gave. */
export function decodeWindowSum(manifest: ProbeManifest, bytes: Uint8Array): WindowSum {
  const { head, columns } = splitWindow(bytes);
  const { fromNs, toNs, rows, counters, drains } = fromBinary(WindowSchema, head);
  const facts = { fromNs, toNs, counters: counters ?? emptyCounters(), drains };
  const window = new WindowSum(manifest, facts, rows);
  const cells = manifest.columns.map((spec, i) => readColumn(columns[i], spec, rows, manifest));
  for (let row = 0; row < rows; row++) {
    const next = window.nextRow();
    for (let i = 0; i < cells.length; i++)
      (window.columns[i] as Uint32Array)[next] = (cells[i] as Uint32Array)[row] as number;
    window.commit();
  }
  return window;
}

/** The message without its columns, and the columns: protobuf would make a bigint of each cell. */
export function splitWindow(bytes: Uint8Array): { head: Uint8Array; columns: Uint8Array[] } {
  const reader = new BinaryReader(bytes);
  const head = new BinaryWriter();
  const columns: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [field, type] = reader.tag();
    if (field === COLUMNS) columns.push(reader.bytes());
    else {
      reader.skip(type, field);
      head.raw(bytes.subarray(start, reader.pos));
    }
  }
  return { head: head.finish(), columns };
}

function readColumn(
  bytes: Uint8Array | undefined,
  spec: ColumnSpec,
  rows: number,
  { compact }: ProbeManifest,
): SumColumn {
  const field = COLUMN_FIELD[spec.type];
  if (field === 'blob') return bytes ? fromBinary(ColumnSchema, bytes).blob : [];
  const cells = field === 'u32' ? new Uint32Array(rows) : new Float64Array(rows);
  if (!bytes || bytes.length === 0 || rows === 0) return cells;
  const reader = new BinaryReader(bytes);
  reader.tag();
  const packed = reader.bytes();
  if (compact) unpackColumn(packed, spec, cells);
  else readPacked(packed, cells);
  return cells;
}
