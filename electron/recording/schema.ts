/**
 * The schema of one channel: a FileDescriptorSet with the channel's message and what that needs, nothing else. The
 * whole of sonde.proto in each of seven channels, twice, would be most of a short recording.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { schemaDescriptorSet } from '../../remote-agent/protocol/index.ts';

export function schemaOf(typeName: string): Uint8Array {
  const whole = fromBinary(FileDescriptorSetSchema, schemaDescriptorSet());
  const file = whole.file.map((file) => prune(file, typeName));
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
}

function prune(file: FileDescriptorProto, typeName: string): FileDescriptorProto {
  const needed = new Set<string>();
  const need = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    const message = file.messageType.find((message) => nameIn(file, message.name) === name);
    if (message) for (const used of typesUsedBy(message)) need(used);
  };
  need(`.${typeName}`);
  return create(FileDescriptorProtoSchema, {
    ...file,
    messageType: file.messageType.filter((message) => needed.has(nameIn(file, message.name))),
    enumType: file.enumType.filter((entry) => needed.has(nameIn(file, entry.name))),
  });
}

/** Nested messages (map entries) travel with the message that holds them. */
function typesUsedBy(message: DescriptorProto): string[] {
  return [...message.field.map((field) => field.typeName), ...message.nestedType.flatMap(typesUsedBy)].filter(
    (name) => name !== '',
  );
}

function nameIn(file: FileDescriptorProto, name: string): string {
  return `.${file.package}.${name}`;
}
