/** What a message looks like, as far as reading and writing it needs. */

/** As FieldDescriptorProto.Type counts them; the ones that sonde.proto uses. */
export const TYPE = { uint64: 4, bool: 8, string: 9, message: 11, bytes: 12, uint32: 13, enum: 14 } as const;
export type FieldType = (typeof TYPE)[keyof typeof TYPE];

export interface FieldShape {
  readonly number: number;
  /** As the property is called. */
  readonly name: string;
  readonly type: FieldType;
  readonly isRepeated: boolean;
  /** Property of the oneof that the field is part of; null = none. */
  readonly oneof: string | null;
  /** Of messages. */
  readonly message: Shape | null;
}

export interface Shape {
  readonly typeName: string;
  /** By rising number: the order in which they are written. */
  readonly fields: readonly FieldShape[];
  /** By property. */
  readonly field: Readonly<Record<string, FieldShape>>;
  /** By number. */
  readonly byNumber: ReadonlyMap<number, FieldShape>;
  /** A pair of a map: its fields are `key` and `value`. */
  readonly isMapEntry: boolean;
}

export type Message = Record<string, unknown>;

export interface Choice {
  readonly case: string | undefined;
  readonly value?: unknown;
}

/** A map is a repeated message of pairs on the wire, and an object for us. */
export function isMap({ message }: FieldShape): boolean {
  return message?.isMapEntry ?? false;
}

/** Numbers; all else has its length in front. */
export function isVarint({ type }: FieldShape): boolean {
  return type !== TYPE.message && type !== TYPE.string && type !== TYPE.bytes;
}

/** What a field is that is not there. */
export function zeroOf(field: FieldShape): unknown {
  if (isMap(field)) return {};
  if (field.isRepeated) return [];
  switch (field.type) {
    case TYPE.uint64:
      return 0n;
    case TYPE.bool:
      return false;
    case TYPE.string:
      return '';
    case TYPE.bytes:
      return new Uint8Array(0);
    case TYPE.message:
      return undefined;
    case TYPE.uint32:
    case TYPE.enum:
      return 0;
  }
}
