#!/usr/bin/env node
// A loader whose seconds pass in milliseconds, of a steady box on which little is new: `run PROBE` writes what the real
// one would, a batch for each of its seconds. SONDE_SPEED: its seconds in one of ours. Ends with its stdin.
import { batch, DESCRIPTION, ready } from '../../unit/agent/wire-writer.mjs';

const NS_PER_S = 1_000_000_000;
const PROCESSES = 20;
/** A process, a stack and a flow that were never there before come this often. */
const PROCESS_EVERY_S = 60;
const STACK_EVERY_S = 10;
const FLOW_EVERY_S = 10;
/** Where the table of pids of most kernels ends: nobody has these. */
const FIRST_PID = 4_194_305;

const [verb, probe] = process.argv.slice(2);
const everyMs = 1000 / Number(process.env.SONDE_SPEED ?? 1);

/** One is another every so often, the others stay. */
const pidAt = (second, i) => FIRST_PID + (i === 0 ? PROCESSES + Math.floor(second / PROCESS_EVERY_S) : i);
const task = (second, i) => ({ tgid: pidAt(second, i), comm: `worker-${i}` });

/** What a probe says of a second. */
const SECONDS = {
  'cpu-profile': (second) => {
    const newest = 1 + Math.floor(second / STACK_EVERY_S);
    const hashes = Array.from({ length: 30 }, (_, i) => Math.max(1, newest - i));
    const frames = (hash) =>
      Array.from({ length: 12 }, (_, depth) => String(0x400000 + ((hash * 13 + depth) % 5000) * 16));
    return {
      stacks: hashes.map((hash) => ({ hash, space: 1, frames: frames(hash) })),
      rows: hashes.map((hash, i) => ({
        ...task(second, hash % PROCESSES),
        user: hash,
        samples: 1 + (i % 3),
        slot: 1 + ((second * 50 + i) % 12_800),
      })),
    };
  },
  'net-flows': (second) => ({
    rows: Array.from({ length: 15 }, (_, i) => {
      const cookie = 1 + Math.floor(second / FLOW_EVERY_S) + i;
      const flow = { cookie, opened: cookie * FLOW_EVERY_S * NS_PER_S, localPort: 1024 + (cookie % 60_000) };
      return {
        ...task(second, i),
        flow,
        state: 1,
        sent: 100 * i,
        received: 900,
        packetsSent: 1,
        packetsReceived: 2,
        rtt: 2e6,
        rttMin: 1e6,
      };
    }),
  }),
  syscalls: (second) => ({
    rows: Array.from({ length: 60 }, (_, i) => ({
      ...task(second, i % PROCESSES),
      call: i % 40,
      bucket: 8 + (i % 12),
      calls: 1 + (second % 7),
    })),
  }),
};

function run(ofSecond) {
  process.stdout.write(ready());
  process.stdin.resume().once('end', () => process.exit(0));
  const begunMs = performance.now();
  let second = 0;
  const write = () => {
    while (performance.now() - begunMs >= second * everyMs) {
      const from = second * NS_PER_S + 1;
      process.stdout.write(batch({ number: second, from, to: from + NS_PER_S, ...ofSecond(second) }));
      second++;
    }
  };
  setInterval(write, everyMs);
}

if (verb === 'describe') process.stdout.write(JSON.stringify(DESCRIPTION));
else if (verb === 'run' && SECONDS[probe]) run(SECONDS[probe]);
else process.exit(verb === 'kallsyms' ? 5 : 2);
