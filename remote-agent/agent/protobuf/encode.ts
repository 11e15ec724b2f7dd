import { ByteWriter } from './byte-writer.ts';
import { type Choice, type FieldShape, isMap, isVarint, type Message, type Shape, TYPE } from './shape.ts';

const VARINT = 0;
const LENGTH_DELIMITED = 2;

export function toBinary(shape: Shape, message: Message): Uint8Array {
  const writer = new ByteWriter();
  writeMessage(writer, shape, message);
  return writer.finish();
}

function writeMessage(writer: ByteWriter, shape: Shape, message: Message): void {
  for (const field of shape.fields) {
    if (field.oneof === null) writeField(writer, field, message[field.name]);
    else writeChoice(writer, field, message[field.oneof] as Choice | undefined);
  }
}

/** The chosen one is written even if it is zero: that it was chosen is what it says. */
function writeChoice(writer: ByteWriter, field: FieldShape, choice: Choice | undefined): void {
  if (choice?.case === field.name) writeOne(writer, field, choice.value);
}

function writeField(writer: ByteWriter, field: FieldShape, value: unknown): void {
  if (value === undefined) return;
  if (isMap(field)) writeMap(writer, field, value as Readonly<Record<string, unknown>>);
  else if (!field.isRepeated) {
    if (!isZero(value)) writeOne(writer, field, value);
  } else if (isVarint(field)) writePacked(writer, field, value as readonly unknown[]);
  else for (const one of value as readonly unknown[]) writeOne(writer, field, one);
}

function writePacked(writer: ByteWriter, field: FieldShape, values: readonly unknown[]): void {
  if (values.length === 0) return;
  writeTag(writer, field, LENGTH_DELIMITED);
  writer.nested(() => {
    for (const value of values) writeVarint(writer, value);
  });
}

/** Both fields of each pair, even where they are zero. */
function writeMap(writer: ByteWriter, field: FieldShape, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    writeTag(writer, field, LENGTH_DELIMITED);
    writer.nested(() => {
      for (const part of field.message?.fields ?? []) writeOne(writer, part, part.name === 'key' ? key : value);
    });
  }
}

function writeOne(writer: ByteWriter, field: FieldShape, value: unknown): void {
  writeTag(writer, field, isVarint(field) ? VARINT : LENGTH_DELIMITED);
  if (field.message) {
    const { message } = field;
    writer.nested(() => writeMessage(writer, message, value as Message));
  } else if (field.type === TYPE.string) writer.text(value as string);
  else if (field.type === TYPE.bytes) writer.chunk(value as Uint8Array);
  else writeVarint(writer, value);
}

function writeTag(writer: ByteWriter, { number }: FieldShape, wireType: number): void {
  writer.varint(number * 8 + wireType);
}

/** A bigint, a number or a boolean. */
function writeVarint(writer: ByteWriter, value: unknown): void {
  if (typeof value === 'bigint') writer.varint64(value);
  else writer.varint(Number(value));
}

function isZero(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.length === 0;
  return value === 0 || value === 0n || value === false || value === '';
}
