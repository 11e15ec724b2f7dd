/**
 * How many objects a message becomes once it is unpacked, seen without unpacking it: two bytes on the wire may be two
 * hundred in memory, and a frame has four million.
 */
import type { DescField, DescMessage } from '@bufbuild/protobuf';

const WIRE = {
  varint: 0,
  fixed64: 1,
  delimited: 2,
  fixed32: 5,
} as const;

/** Messages, texts, byte strings, and whatever is not known. Counts no further than `most` + 1; bytes that are no message end it. */
export function countObjects(desc: DescMessage, bytes: Uint8Array, most: number): number {
  return new Counter(bytes, most).message(desc, 0, bytes.length);
}

class Counter {
  private readonly bytes: Uint8Array;
  private readonly most: number;
  private count = 0;
  private at = 0;

  constructor(bytes: Uint8Array, most: number) {
    this.bytes = bytes;
    this.most = most;
  }

  message(desc: DescMessage, from: number, to: number): number {
    const fields = fieldsOf(desc);
    this.at = from;
    while (this.at < to && this.count <= this.most) {
      const tag = this.varint();
      const field = fields.get(Math.floor(tag / 8));
      const wire = tag % 8;
      if (wire === WIRE.delimited) this.delimited(field, to);
      else if (!this.skip(wire, to)) break;
      else if (!field || field.fieldKind === 'list') this.count++;
    }
    return this.count;
  }

  private delimited(field: DescField | undefined, to: number): void {
    const length = this.varint();
    const end = this.at + length;
    if (end > to) {
      this.at = to;
      return;
    }
    const inner = field && (field.fieldKind === 'message' || field.fieldKind === 'list') ? field.message : undefined;
    this.count++;
    if (inner) this.message(inner, this.at, end);
    this.at = end;
  }

  /** false: nothing that can be passed over. */
  private skip(wire: number, to: number): boolean {
    if (wire === WIRE.varint) this.varint();
    else if (wire === WIRE.fixed64) this.at += 8;
    else if (wire === WIRE.fixed32) this.at += 4;
    else return false;
    return this.at <= to;
  }

  private varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) return value;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
}

const known = new WeakMap<DescMessage, ReadonlyMap<number, DescField>>();

function fieldsOf(desc: DescMessage): ReadonlyMap<number, DescField> {
  const found = known.get(desc) ?? new Map(desc.fields.map((field) => [field.number, field]));
  known.set(desc, found);
  return found;
}
