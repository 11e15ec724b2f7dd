/**
 * A record is an agent frame worth keeping. A recording stores the message inside the frame, not the frame: other
 * people's tools then find `sonde.v1.Window` where they expect it.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { decodeMessage } from './frames.ts';
import {
  type AgentFrame,
  AgentFrameSchema,
  ClockSampleSchema,
  CostSchema,
  DefinitionsSchema,
  DeviceInfoSchema,
  file_sonde,
  NoteSchema,
  ProbeEventSchema,
  WindowSchema,
} from './generated/sonde_pb.ts';

/** Every record kind, alphabetical, and its message. The kinds are the cases of AgentFrame.body. */
const SCHEMAS = {
  clock: ClockSampleSchema,
  cost: CostSchema,
  definitions: DefinitionsSchema,
  device: DeviceInfoSchema,
  note: NoteSchema,
  probeEvent: ProbeEventSchema,
  window: WindowSchema,
} as const;

export type RecordKind = keyof typeof SCHEMAS;
export const RECORD_KINDS = Object.keys(SCHEMAS) as readonly RecordKind[];

export function isRecordKind(kind: string): kind is RecordKind {
  return Object.hasOwn(SCHEMAS, kind);
}

/** "sonde.v1.Window": the schema name in a recording. */
export function recordTypeName(kind: RecordKind): string {
  return SCHEMAS[kind].typeName;
}

export function recordKindOfTypeName(typeName: string): RecordKind | null {
  return RECORD_KINDS.find((kind) => SCHEMAS[kind].typeName === typeName) ?? null;
}

/** null for talk about the connection, and for bodies newer than this reader. */
export function recordKind(frame: AgentFrame): RecordKind | null {
  const kind = frame.body.case;
  return kind !== undefined && isRecordKind(kind) ? kind : null;
}

/** The bytes of the record's own message. Fields newer than this reader are kept. */
export function recordBytes(frame: AgentFrame): Uint8Array {
  const { body } = frame;
  switch (body.case) {
    case 'clock':
      return toBinary(ClockSampleSchema, body.value);
    case 'cost':
      return toBinary(CostSchema, body.value);
    case 'definitions':
      return toBinary(DefinitionsSchema, body.value);
    case 'device':
      return toBinary(DeviceInfoSchema, body.value);
    case 'note':
      return toBinary(NoteSchema, body.value);
    case 'probeEvent':
      return toBinary(ProbeEventSchema, body.value);
    case 'window':
      return toBinary(WindowSchema, body.value);
    case 'welcome':
    case 'pong':
    case 'fault':
    case 'farewell':
    case undefined:
      throw new Error(`${body.case ?? 'an empty frame'} is not a record`);
  }
}

/** The way back: a frame with seq 0, whose body is what `recordBytes` gave. */
export function frameFromRecord(kind: RecordKind, bytes: Uint8Array): AgentFrame {
  const value = decodeMessage(SCHEMAS[kind], bytes);
  return create(AgentFrameSchema, { body: { case: kind, value } as AgentFrame['body'] });
}

/** The schema as a serialized google.protobuf.FileDescriptorSet: a recording carries it, so it explains itself. */
export function schemaDescriptorSet(): Uint8Array {
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file_sonde.proto] }));
}

/** A whole AgentFrame around an already encoded record: the spool keeps records without their number. */
export function encodeRecordFrame(seq: bigint, kind: RecordKind, body: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(AgentFrameSchema.field.seq.number, WireType.Varint).uint64(seq);
  return writer.tag(AgentFrameSchema.field[kind].number, WireType.LengthDelimited).bytes(body).finish();
}
