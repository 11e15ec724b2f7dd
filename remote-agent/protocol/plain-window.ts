/**
 * A stored window straight from its bytes. Protobuf makes a bigint of each 64-bit cell and a list of each column, which is
 * most of what reading a large recording takes; here cells go into the arrays in which they stay. Only what is well known
 * and in order is read here: all else is for the ordinary way, which says what is wrong with it.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { unpackColumn } from './columns.ts';
import type { DictionarySizes } from './decode-definitions.ts';
import { COLUMN_FIELD, highestId, windowOf } from './decode-window.ts';
import { ColumnSchema, type Window, WindowSchema } from './generated/sonde_pb.ts';
import { MAX_WINDOW_ROWS } from './limits.ts';
import type { ColumnSpec, ProbeManifest } from './manifest.ts';
import { findProbe } from './probes/index.ts';
import type { WindowSignal } from './signal.ts';
import { splitWindow } from './window-codec.ts';
import { isCounted } from './run-rows.ts';

const { u32: U32, u64: U64, compact: COMPACT } = ColumnSchema.field;

/** null: to be decoded the ordinary way. What it gives is what that would give. */
export function readPlainWindow(bytes: Uint8Array, sizes: DictionarySizes): WindowSignal | null {
  try {
    const { head, columns } = splitWindow(bytes);
    const window = fromBinary(WindowSchema, head);
    const manifest = findProbe(window.probe);
    if (!manifest || !isPlain(window, manifest, columns.length)) return null;
    const cells = (spec: ColumnSpec, i: number) =>
      cellsOf(columns[i] as Uint8Array, spec, window.rows, manifest, sizes);
    return windowOf(window, manifest, columns.length, cells);
  } catch {
    return null; // the ordinary way meets the same, and has words for it
  }
}

/** Nothing in it that a newer Sonde has put there. */
function isPlain({ rows, counters, $unknown }: Window, manifest: ProbeManifest, columns: number): boolean {
  const isKnown = columns <= manifest.columns.length && !$unknown && !counters?.$unknown;
  return isKnown && isCounted(manifest) && rows <= MAX_WINDOW_ROWS;
}

function cellsOf(
  column: Uint8Array,
  spec: ColumnSpec,
  rows: number,
  { compact }: ProbeManifest,
  sizes: DictionarySizes,
): Uint32Array | Float64Array {
  const isU32 = COLUMN_FIELD[spec.type] === 'u32';
  const cells = isU32 ? new Uint32Array(rows) : new Float64Array(rows);
  const most = isU32 ? highestId(spec, sizes) : Number.MAX_SAFE_INTEGER;
  const bytes = onlyField(column, compact ? COMPACT.number : (isU32 ? U32 : U64).number);
  if (!compact) unpack(bytes, cells, most);
  else if (!unpackColumn(bytes, spec, cells) || !isWithin(cells, most)) throw new RangeError(spec.name);
  return cells;
}

/** None where the message is empty, as a column of no rows is. */
function onlyField(column: Uint8Array, wanted: number): Uint8Array {
  if (column.length === 0) return column;
  const reader = new BinaryReader(column);
  const [field, type] = reader.tag();
  const bytes = field === wanted && type === WireType.LengthDelimited ? reader.bytes() : null;
  if (!bytes || reader.pos !== reader.len) throw new RangeError('another field');
  return bytes;
}

/** Packed varints: as many as there are cells, all up to `most`. */
function unpack(bytes: Uint8Array, cells: Uint32Array | Float64Array, most: number): void {
  let count = 0;
  let value = 0;
  let scale = 1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    if (!(value <= most) || count === cells.length) throw new RangeError('too much');
    cells[count++] = value;
    value = 0;
    scale = 1;
  }
  if (count !== cells.length || scale !== 1) throw new RangeError('too little');
}

function isWithin(cells: Uint32Array | Float64Array, most: number): boolean {
  for (let row = 0; row < cells.length; row++) if (!((cells[row] as number) <= most)) return false;
  return true;
}
