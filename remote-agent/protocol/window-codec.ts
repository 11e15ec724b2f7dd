/** A window that is added up, as bytes of a Window message and back. Only the agent needs it; readers go through decode.ts. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { COLUMN_FIELD } from './decode-window.ts';
import { ColumnSchema, WindowSchema } from './generated/sonde_pb.ts';
import type { ProbeManifest } from './manifest.ts';
import { MAX_PACKED_BYTES, readPacked, writePacked } from './packed.ts';
import { emptyCounters, type SumColumn, WindowSum } from './window-sum.ts';

const COLUMNS = WindowSchema.field.columns.number;

/** Fields of a message may stand in any order, so the columns follow what protobuf writes of all the rest. */
export function encodeWindowSum(window: WindowSum): Uint8Array {
  const { manifest, fromNs, toNs, counters, drains, rows } = window;
  const head = create(WindowSchema, { probe: manifest.id, fromNs, toNs, rows, counters, drains });
  const writer = new BinaryWriter().raw(toBinary(WindowSchema, head));
  const scratch = new Uint8Array(rows * MAX_PACKED_BYTES);
  for (const column of window.columns) {
    writer.tag(COLUMNS, WireType.LengthDelimited).fork();
    if (Array.isArray(column)) writeBlobs(writer, column, rows);
    else if (rows > 0) writeNumbers(writer, column, rows, scratch);
    writer.join();
  }
  return writer.finish();
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

function writeBlobs(writer: BinaryWriter, blobs: readonly Uint8Array[], rows: number): void {
  const { number } = ColumnSchema.field.blob;
  for (const blob of blobs.slice(0, rows)) writer.tag(number, WireType.LengthDelimited).bytes(blob);
}

/** Of bytes that encodeWindowSum gave. */
export function decodeWindowSum(manifest: ProbeManifest, bytes: Uint8Array): WindowSum {
  const { head, columns } = split(bytes);
  const { fromNs, toNs, rows, counters, drains } = fromBinary(WindowSchema, head);
  const facts = { fromNs, toNs, counters: counters ?? emptyCounters(), drains };
  const window = new WindowSum(manifest, facts, rows);
  const cells = manifest.columns.map(({ type }, i) => readColumn(columns[i], COLUMN_FIELD[type], rows));
  for (let row = 0; row < rows; row++) {
    const next = window.nextRow();
    for (let i = 0; i < cells.length; i++)
      (window.columns[i] as Uint32Array)[next] = (cells[i] as Uint32Array)[row] as number;
    window.commit();
  }
  return window;
}

/** The message without its columns, and the columns: protobuf would make a bigint of each cell. */
function split(bytes: Uint8Array): { head: Uint8Array; columns: Uint8Array[] } {
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

function readColumn(bytes: Uint8Array | undefined, field: 'u32' | 'u64' | 'blob', rows: number): SumColumn {
  if (field === 'blob') return bytes ? fromBinary(ColumnSchema, bytes).blob : [];
  const cells = field === 'u32' ? new Uint32Array(rows) : new Float64Array(rows);
  if (!bytes || rows === 0) return cells;
  const reader = new BinaryReader(bytes);
  reader.tag();
  readPacked(reader.bytes(), cells);
  return cells;
}
