/**
 * Protobuf for the device, in the place of @bufbuild/protobuf: the bundler puts it there (build/bundle/lean-protobuf.mjs),
 * so that protocol and agent are written, typed and tested against the real one. That one builds a registry of
 * everything when it is loaded, a third of the agent's start-up on a small board; this reads of the same descriptor what
 * is used, when it is used. It knows what sonde.proto uses and refuses all else; test/unit/agent/protobuf.test.ts
 * compares the two byte by byte.
 *
 * Two differences, both where nobody looks: `create` takes the messages inside its argument as they are, whole or not
 * (what is missing is written as its zero), and fields that are newer than this agent are not kept.
 */
export { create } from './create.ts';
export { fromBinary } from './decode.ts';
export { enumDesc, fileDesc, messageDesc } from './descriptor.ts';
export { toBinary } from './encode.ts';
