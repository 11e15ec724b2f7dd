// Programs with two gigabytes of symbol tables together, beside a small one: it is not kept waiting, the agent stays small.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentView } from '../unit/agent/agent-view.ts';
import { AgentSession } from './agent-session.ts';
import { type Box, bootBox } from './box/boot.mjs';
import { BUILD_AND_BOOT_MS } from './loader-checks.ts';

/** Half as much again as with everything at once (agent.test.ts): a starved box collects garbage late. No table of 640 MB. */
const MAX_RESIDENT_BYTES = 96 << 20;
const HUGE = ['huge-a', 'huge-b', 'huge-c'];
/** What truth.c does. */
const FUNCTIONS = ['alpha', 'beta_left', 'beta_right', 'gamma'];

/**
 * A program with two million symbols more and a string table of 640 MB, mostly a hole in the file, and a build-id of
 * its own. The symbols it had come first; the others are functions, sixteen bytes each, far behind its code.
 */
const MAKE = `
const fs = require('fs');
const [, , name, mark] = process.argv;
const old = fs.readFileSync('/opt/workload/truth-fp');
const sections = Array.from({ length: old.readUInt16LE(60) }, (_, i) => Number(old.readBigUInt64LE(40)) + i * 64);
const table = sections.find((at) => old.readUInt32LE(at + 4) === 2);
const strings = sections[old.readUInt32LE(table + 40)];
const contentOf = (at) => {
  const offset = Number(old.readBigUInt64LE(at + 24));
  return old.subarray(offset, offset + Number(old.readBigUInt64LE(at + 32)));
};
const [symbols, names] = [contentOf(table), contentOf(strings)];
const [MORE, ENTRY, STRINGS] = [2000000, 24, 640e6];
const place = (at, offset, size) => {
  old.writeBigUInt64LE(BigInt(offset), at + 24);
  old.writeBigUInt64LE(BigInt(size), at + 32);
};
const symbolsAt = Math.ceil(old.length / 4096) * 4096;
const stringsAt = symbolsAt + symbols.length + MORE * ENTRY;
place(table, symbolsAt, symbols.length + MORE * ENTRY);
place(strings, stringsAt, STRINGS);
old[old.indexOf('\\x03\\0\\0\\0GNU\\0', 0, 'latin1') + 8] ^= Number(mark);
const file = fs.openSync(name, 'w', 0o755);
fs.writeSync(file, old, 0, old.length, 0);
fs.writeSync(file, symbols, 0, symbols.length, symbolsAt);
fs.writeSync(file, names, 0, names.length, stringsAt);
fs.writeSync(file, 'last\\0', stringsAt + STRINGS - 5);
const chunk = Buffer.alloc(20000 * ENTRY);
for (let first = 0; first < MORE; first += 20000) {
  for (let i = 0; i < 20000; i++) {
    const at = i * ENTRY;
    chunk.writeUInt32LE(((first + i) * 149) % STRINGS, at);
    chunk.writeUInt32LE(0x12 | (1 << 16), at + 4);
    chunk.writeUInt32LE(0x10000000 + (first + i) * 16, at + 8);
    chunk.writeUInt32LE(16, at + 16);
  }
  fs.writeSync(file, chunk, 0, chunk.length, symbolsAt + symbols.length + first * ENTRY);
}
`;

let box: Box;
let session: AgentSession;
beforeAll(async () => {
  box = await bootBox({ variant: 'node', log: console.error });
  await AgentSession.install(box);
  await box.ssh('cat > /tmp/make.cjs', { input: MAKE });
  const programs = HUGE.map((name, i) => `node /tmp/make.cjs /var/tmp/${name} ${i + 1}`).join(' && ');
  const made = await box.ssh(`${programs} && du -b -c /var/tmp/huge-* | tail -1`, { timeoutMs: 400_000 });
  expect(made.code, made.stderr).toBe(0);
  expect(Number.parseInt(made.stdout, 10)).toBeGreaterThan(2e9);
  const start = HUGE.map((name) => `setsid /var/tmp/${name} --load 10 </dev/null >/dev/null 2>&1 &`).join(' ');
  await box.ssh(`workload start truth-fp; ${start}`);
  session = await AgentSession.start(box);
  session.startProbe();
}, BUILD_AND_BOOT_MS);
afterAll(async () => {
  await session?.end();
  await box?.stop();
});

/** Functions of the program that have been named. */
function namedIn(comm: string): string[] {
  const frames = new AgentView(session.client.signals).rows().filter(({ process }) => process.comm === comm);
  const names = new Set(frames.flatMap((row) => row.frames));
  return FUNCTIONS.filter((name) => names.has(name));
}

test('the small one has all its names, each large one those of its first reading, and the agent stays small', async () => {
  let most = 0;
  const named = async () => {
    most = Math.max(most, await session.residentBytes());
    return { small: namedIn('truth-fp'), large: HUGE.map((comm) => namedIn(comm).length > 0) };
  };
  // A large table is read again only when much time has passed: what is new in it until then stays an address.
  const wanted = { small: FUNCTIONS, large: HUGE.map(() => true) };
  await expect.poll(named, { timeout: 280_000, interval: 1000 }).toEqual(wanted);
  console.log(`${(most / 2 ** 20).toFixed(1)} MiB resident at most`);
  expect(most).toBeLessThan(MAX_RESIDENT_BYTES);
});
