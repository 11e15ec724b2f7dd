// The agent's own protobuf beside the real one, on every message of the schema.
import {
  create as realCreate,
  type DescField,
  type DescMessage,
  fromBinary as realFromBinary,
  ScalarType,
  toBinary as realToBinary,
} from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { create, fileDesc, fromBinary, messageDesc, toBinary } from '../../../remote-agent/agent/protobuf/index.ts';
import { file_sonde } from '../../../remote-agent/protocol/generated/sonde_pb.ts';

/** What generated code carries. */
const LEAN = fileDesc(Buffer.from(realToBinary(FileDescriptorProtoSchema, file_sonde.proto)).toString('base64'));
const MESSAGES = file_sonde.messages.map((desc, index) => ({ name: desc.name, desc, shape: messageDesc(LEAN, index) }));

type Init = Record<string, unknown>;

const SCALARS = new Map<ScalarType, fc.Arbitrary<unknown>>([
  [ScalarType.BOOL, fc.boolean()],
  [ScalarType.BYTES, fc.uint8Array({ maxLength: 200 })],
  [ScalarType.STRING, fc.string({ unit: 'binary', maxLength: 200 })],
  [ScalarType.UINT32, fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 2 ** 32 - 1 }))],
  [ScalarType.UINT64, fc.oneof(fc.bigInt(0n, 200n), fc.bigInt(0n, 2n ** 54n), fc.bigInt(0n, 2n ** 64n - 1n))],
]);

function anyScalar(type: ScalarType): fc.Arbitrary<unknown> {
  const arbitrary = SCALARS.get(type);
  if (!arbitrary) throw new Error(`no arbitrary for ${ScalarType[type]}`);
  return arbitrary;
}

function anyField(field: DescField): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case 'scalar':
      return anyScalar(field.scalar);
    case 'enum':
      return fc.constantFrom(...field.enum.values.map(({ number }) => number), 77);
    case 'message':
      return anyMessage(field.message);
    case 'list': {
      if (field.listKind === 'message') return fc.array(anyMessage(field.message), { maxLength: 5 });
      return fc.array(anyScalar(field.listKind === 'enum' ? ScalarType.UINT32 : field.scalar), { maxLength: 60 });
    }
    case 'map':
      return fc.dictionary(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), { noNullPrototype: true });
  }
}

function anyMessage({ members }: DescMessage): fc.Arbitrary<Init> {
  const parts = members.map((member): [string, fc.Arbitrary<unknown>] => {
    if (member.kind === 'field') return [member.localName, anyField(member)];
    const choices = member.fields.map((field) => anyField(field).map((value) => ({ case: field.localName, value })));
    return [member.localName, fc.oneof(...choices)];
  });
  return fc.record(Object.fromEntries(parts), { requiredKeys: [] }) as fc.Arbitrary<Init>;
}

describe.each(MESSAGES)('$name', ({ desc, shape }) => {
  it('is called the same', () => {
    expect(shape.typeName).toBe(desc.typeName);
    expect(Object.fromEntries(Object.entries(shape.field).map(([name, { number }]) => [name, number]))).toEqual(
      Object.fromEntries(desc.fields.map(({ localName, number }) => [localName, number])),
    );
  });

  it('has the same zeros', () => {
    expect({ ...create(shape) }).toEqual({ ...realCreate(desc) });
  });

  it('is written in the same bytes, and read as the same', () => {
    fc.assert(
      fc.property(anyMessage(desc), (init) => {
        const bytes = realToBinary(desc, realCreate(desc, init as never));
        expect(Buffer.from(toBinary(shape, create(shape, init)))).toEqual(Buffer.from(bytes));
        expect(fromBinary(shape, bytes)).toEqual({ ...realFromBinary(desc, bytes) });
      }),
    );
  });

  it('is read without the fields that are newer than this agent', () => {
    const newer = new BinaryWriter().tag(500, WireType.Varint).uint32(7).tag(501, WireType.LengthDelimited).string('x');
    const extra = newer.finish();
    fc.assert(
      fc.property(anyMessage(desc), (init) => {
        const bytes = realToBinary(desc, realCreate(desc, init as never));
        expect(fromBinary(shape, new Uint8Array(Buffer.concat([extra, bytes, extra])))).toEqual(
          fromBinary(shape, bytes),
        );
      }),
    );
  });

  it('is refused where it was cut off inside a field', () => {
    fc.assert(
      fc.property(anyMessage(desc), fc.nat(), (init, at) => {
        const bytes = realToBinary(desc, realCreate(desc, init as never));
        const cut = bytes.subarray(0, at % (bytes.length + 1));
        const theirs = attempt(() => ({ ...realFromBinary(desc, cut) }));
        expect(attempt(() => fromBinary(shape, cut))).toEqual(theirs);
      }),
    );
  });
});

/** null where it throws. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
