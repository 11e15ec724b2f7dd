/**
 * Shapes from the serialized FileDescriptorProto that generated code carries. A message's fields are read when the
 * message is first used.
 */
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { type FieldShape, type FieldType, type Shape, TYPE } from './shape.ts';

/** Field numbers of google/protobuf/descriptor.proto. */
const FILE = { package: 2, message: 4 } as const;
const MESSAGE = { name: 1, field: 2, nested: 3, options: 7, oneof: 8 } as const;
const FIELD = { name: 1, number: 3, label: 4, type: 5, typeName: 6, oneof: 9, isOptional: 17 } as const;
const MAP_ENTRY_OPTION = 7;
const ONEOF_NAME = 1;
const LABEL_REPEATED = 3;

const TYPES = new Set<number>(Object.values(TYPE));

interface DescriptorFile {
  readonly messages: readonly Shape[];
  /** ".sonde.v1.Window" */
  readonly byName: Map<string, Shape>;
}

export function fileDesc(base64: string): DescriptorFile {
  const file = readParts(Buffer.from(base64, 'base64'));
  const byName = new Map<string, Shape>();
  const scope = `.${text(file.get(FILE.package)?.[0])}`;
  const messages = bytesOf(file, FILE.message).map((bytes) => declare(bytes, scope, byName));
  return { messages, byName };
}

export function messageDesc(file: DescriptorFile, index: number): Shape {
  const shape = file.messages[index];
  if (!shape) throw new Error(`no message ${index}`);
  return shape;
}

/** Enums travel as numbers, and nobody asks for their names. */
export function enumDesc(): null {
  return null;
}

/** With the messages inside it: maps have one for their pairs. */
function declare(bytes: Uint8Array, scope: string, byName: Map<string, Shape>): Shape {
  const parts = readParts(bytes);
  const name = `${scope}.${text(parts.get(MESSAGE.name)?.[0])}`;
  const shape = new LazyShape(name.slice(1), parts, byName);
  byName.set(name, shape);
  for (const nested of bytesOf(parts, MESSAGE.nested)) declare(nested, name, byName);
  return shape;
}

class LazyShape implements Shape {
  readonly typeName: string;
  readonly isMapEntry: boolean;
  private readonly parts: Parts;
  private readonly byName: ReadonlyMap<string, Shape>;
  private read: readonly FieldShape[] | null = null;

  constructor(typeName: string, parts: Parts, byName: ReadonlyMap<string, Shape>) {
    this.typeName = typeName;
    this.parts = parts;
    this.byName = byName;
    const options = bytesOf(parts, MESSAGE.options)[0];
    this.isMapEntry = options !== undefined && readParts(options).get(MAP_ENTRY_OPTION)?.[0] === 1;
  }

  get fields(): readonly FieldShape[] {
    this.read ??= this.readFields();
    return this.read;
  }

  get field(): Readonly<Record<string, FieldShape>> {
    return once(this, 'field', Object.fromEntries(this.fields.map((field) => [field.name, field])));
  }

  get byNumber(): ReadonlyMap<number, FieldShape> {
    return once(this, 'byNumber', new Map(this.fields.map((field) => [field.number, field])));
  }

  private readFields(): FieldShape[] {
    const oneofs = bytesOf(this.parts, MESSAGE.oneof).map((bytes) => text(readParts(bytes).get(ONEOF_NAME)?.[0]));
    const fields = bytesOf(this.parts, MESSAGE.field).map((bytes) => this.readField(readParts(bytes), oneofs));
    return fields.sort((a, b) => a.number - b.number);
  }

  private readField(parts: Parts, oneofs: readonly string[]): FieldShape {
    const number = (field: number) => Number(parts.get(field)?.[0] ?? 0);
    const name = camelCase(text(parts.get(FIELD.name)?.[0]));
    const type = number(FIELD.type);
    if (!TYPES.has(type) || number(FIELD.isOptional) !== 0)
      throw new Error(`${this.typeName}.${name} is of a kind that the agent's protobuf does not know`);
    return {
      number: number(FIELD.number),
      name,
      type: type as FieldType,
      isRepeated: number(FIELD.label) === LABEL_REPEATED,
      oneof: parts.has(FIELD.oneof) ? camelCase(oneofs[number(FIELD.oneof)] ?? '') : null,
      message: type === TYPE.message ? (this.byName.get(text(parts.get(FIELD.typeName)?.[0])) ?? null) : null,
    };
  }
}

/** The getter's answer, from now on without asking it. */
function once<T>(shape: object, name: string, value: T): T {
  Object.defineProperty(shape, name, { value });
  return value;
}

/** A message without a schema: what stands at each field number. */
type Parts = ReadonlyMap<number, (number | Uint8Array)[]>;

function readParts(bytes: Uint8Array): Parts {
  const reader = new BinaryReader(bytes);
  const parts = new Map<number, (number | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const value = type === 0 ? reader.uint32() : reader.bytes();
    const values = parts.get(field);
    if (values) values.push(value);
    else parts.set(field, [value]);
  }
  return parts;
}

function bytesOf(parts: Parts, field: number): Uint8Array[] {
  return (parts.get(field) ?? []).filter((value) => typeof value !== 'number');
}

function text(value: number | Uint8Array | undefined): string {
  return typeof value === 'object' ? Buffer.from(value).toString() : '';
}

/** first_seq → firstSeq */
function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
