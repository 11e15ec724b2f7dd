// The agent's own protobuf in the place of @bufbuild/protobuf: remote-agent/agent/protobuf/index.ts says why. The readers
// and writers of bytes (@bufbuild/protobuf/wire) are the real ones.
import path from 'node:path';

const LEAN = path.join(import.meta.dirname, '..', '..', 'remote-agent', 'agent', 'protobuf', 'index.ts');

export const LEAN_PROTOBUF = {
  name: 'lean-protobuf',
  setup(builder) {
    builder.onResolve({ filter: /^@bufbuild\/protobuf(\/codegenv2)?$/ }, () => ({ path: LEAN, sideEffects: false }));
  },
};
