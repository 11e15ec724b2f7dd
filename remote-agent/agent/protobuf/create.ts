import { type Message, type Shape, zeroOf } from './shape.ts';

/** A message with all its fields: those of `init`, and zeros. */
export function create(shape: Shape, init: Message = {}): Message {
  const message: Message = { $typeName: shape.typeName };
  for (const field of shape.fields) {
    const name = field.oneof ?? field.name;
    const given = init[name];
    if (given !== undefined) message[name] = given;
    else if (!(name in message)) message[name] = field.oneof ? { case: undefined } : zeroOf(field);
  }
  return message;
}
