import { BinaryReader } from '@bufbuild/protobuf/wire';
import { create } from './create.ts';
import { type FieldShape, isMap, isVarint, type Message, type Shape, TYPE, zeroOf } from './shape.ts';

const LENGTH_DELIMITED = 2;

/** bytes fields of the result are views of `bytes`. Throws where these are no such message. */
export function fromBinary(shape: Shape, bytes: Uint8Array): Message {
  const message = create(shape);
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = shape.byNumber.get(number);
    if (!field || !fits(field, wireType)) reader.skip(wireType, number);
    else readField(reader, field, wireType, message);
  }
  return message;
}

function readField(reader: BinaryReader, field: FieldShape, wireType: number, message: Message): void {
  if (field.oneof !== null) message[field.oneof] = { case: field.name, value: readOne(reader, field) };
  else if (isMap(field)) readPair(reader, field, message[field.name] as Record<string, unknown>);
  else if (!field.isRepeated) message[field.name] = readOne(reader, field);
  else readRepeated(reader, field, wireType, message[field.name] as unknown[]);
}

/** Numbers may come packed or one by one. */
function readRepeated(reader: BinaryReader, field: FieldShape, wireType: number, values: unknown[]): void {
  if (!isVarint(field) || wireType !== LENGTH_DELIMITED) return void values.push(readOne(reader, field));
  for (const end = reader.uint32() + reader.pos; reader.pos < end; ) values.push(readOne(reader, field));
}

function readPair(reader: BinaryReader, field: FieldShape, values: Record<string, unknown>): void {
  const { key, value } = readOne(reader, field) as { key: string; value: unknown };
  // Not by assignment: a key may be called __proto__.
  Object.defineProperty(values, key, { value, enumerable: true, configurable: true, writable: true });
}

function readOne(reader: BinaryReader, field: FieldShape): unknown {
  switch (field.type) {
    case TYPE.message:
      return field.message ? fromBinary(field.message, reader.bytes()) : zeroOf(field);
    case TYPE.bytes:
      return reader.bytes();
    case TYPE.string:
      return reader.string();
    case TYPE.uint64:
      return BigInt(reader.uint64());
    case TYPE.bool:
      return reader.bool();
    case TYPE.uint32:
      return reader.uint32();
    case TYPE.enum:
      return reader.int32();
  }
}

/** What was written as something else is skipped like what is not known. */
function fits(field: FieldShape, wireType: number): boolean {
  if (!isVarint(field)) return wireType === LENGTH_DELIMITED;
  return wireType === 0 || (field.isRepeated && wireType === LENGTH_DELIMITED);
}
