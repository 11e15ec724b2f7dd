/** Protobuf schema → TypeScript. `npm run generate` writes it, the check compares. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const GENERATED = 'remote-agent/protocol/generated/sonde_pb.ts';

function generate(output) {
  const run = spawnSync('node_modules/.bin/buf', ['generate', ...(output ? ['-o', output] : [])], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`cannot generate code from the schema: ${run.stderr}`);
}

/** Throws when the committed code is not what the schema gives. */
export function verifyGenerated() {
  const scratch = mkdtempSync(path.join(tmpdir(), 'sonde-generate-'));
  try {
    generate(scratch);
    if (readFileSync(path.join(scratch, GENERATED), 'utf8') !== readFileSync(GENERATED, 'utf8'))
      throw new Error(`${GENERATED} is out of date: run npm run generate`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) generate(null);
