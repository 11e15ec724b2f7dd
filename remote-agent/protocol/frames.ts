/** Frames to bytes and back. A payload that is no such message is the other side's fault, not a bug. */
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { raise } from './fault.ts';
import { countObjects } from './frame-weight.ts';
import { type AgentFrame, AgentFrameSchema, type ClientFrame, ClientFrameSchema } from './generated/sonde_pb.ts';

/** Twice as many flows as a frame may hold; unpacked they are some 100 MB. */
const MAX_FRAME_OBJECTS = 1 << 19;

export function encodeAgentFrame(frame: MessageInitShape<typeof AgentFrameSchema>): Uint8Array {
  return toBinary(AgentFrameSchema, create(AgentFrameSchema, frame));
}

export function encodeClientFrame(frame: MessageInitShape<typeof ClientFrameSchema>): Uint8Array {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, frame));
}

export function decodeAgentFrame(payload: Uint8Array): AgentFrame {
  if (countObjects(AgentFrameSchema, payload, MAX_FRAME_OBJECTS) > MAX_FRAME_OBJECTS)
    raise(
      'out-of-sync',
      `cannot use a frame of ${payload.length} bytes: it holds more than ${MAX_FRAME_OBJECTS} things`,
    );
  return decodeMessage(AgentFrameSchema, payload);
}

export function decodeClientFrame(payload: Uint8Array): ClientFrame {
  return decodeMessage(ClientFrameSchema, payload);
}

/** bytes fields of the result are views of `payload`, which therefore must not be reused. */
export function decodeMessage<D extends DescMessage>(schema: D, payload: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(schema, payload);
  } catch (error) {
    return raise(
      'out-of-sync',
      `cannot decode a ${schema.typeName} of ${payload.length} bytes`,
      undefined,
      String(error),
    );
  }
}
