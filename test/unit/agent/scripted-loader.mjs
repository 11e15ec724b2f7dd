#!/usr/bin/env node
// A loader that does what a script says. SONDE_SCRIPT names a JSON file:
//
//   { "kallsyms": [[address, name, module]],           verb kallsyms; absent = exit code 5 (hidden)
//     "launches": [ [step, step, …], … ] }              one list per start of `run`; the last one repeats
//
// Steps: { ready }, { batch }, { raw: hex }, { fault: [texts] }, { worker: status }, { cost: [cpuNs] }, { sleep: ms },
// { exit: code }, { deaf: true } (ignores the end of stdin), { every: ms, repeat: batch, strangers: true } (such batches
// until stdin ends; strangers: with other threads each time).
// After the last step it waits for the end of stdin. What it is told is appended to SONDE_SCRIPT.told, a line of hex each.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { batch, DESCRIPTION, fault, kallsymsTable, message, ready, words32, words64 } from './wire-writer.mjs';

const scriptFile = process.env.SONDE_SCRIPT ?? '';
const script = existsSync(scriptFile) ? JSON.parse(readFileSync(scriptFile, 'utf8')) : {};
const [verb, argument, ...options] = process.argv.slice(2);

if (verb === 'describe') process.stdout.write(JSON.stringify(DESCRIPTION));
else if (verb === 'kallsyms') kallsyms();
else if (verb === 'run') await run();
else process.exit(2);

function kallsyms() {
  if (!script.kallsyms) process.exit(5);
  writeFileSync(argument, kallsymsTable(script.kallsyms.map(([address, ...rest]) => [BigInt(address), ...rest])));
}

async function run() {
  const counterFile = `${scriptFile}.launches`;
  const launch = existsSync(counterFile) ? Number(readFileSync(counterFile, 'utf8')) : 0;
  writeFileSync(counterFile, String(launch + 1));
  writeFileSync(`${scriptFile}.options`, JSON.stringify(options));
  const steps = script.launches[Math.min(launch, script.launches.length - 1)];
  let isDeaf = false;
  let isOver = false;
  let next = 0;
  process.stdin.on('data', (chunk) => appendFileSync(`${scriptFile}.told`, `${chunk.toString('hex')}\n`));
  const ended = new Promise((resolve) => process.stdin.on('end', resolve)).then(() => {
    isOver = true;
    if (!isDeaf) process.exit(0);
  });
  for (const step of steps) {
    if (step.ready) write(ready(step.ready === true ? {} : step.ready));
    if (step.batch) write(batch(step.batch));
    if (step.raw) write(Buffer.from(step.raw, 'hex'));
    if (step.fault) write(fault(...step.fault));
    if (step.worker !== undefined) write(message(8, 0, words32(77, step.worker, 1, 0)));
    if (step.cost) write(message(9, 0, words64(0, step.cost[0], 0, 1 << 20)));
    if (step.deaf) isDeaf = true;
    if (step.sleep) await sleep(step.sleep);
    if (step.exit !== undefined) process.exit(step.exit);
    while (step.every && !isOver) {
      const number = next++;
      const from = number * 1_000_000_000 + 1;
      const rows = step.repeat.rows.map((row) => (step.strangers ? { ...row, tid: row.tid + number * 1000 } : row));
      write(batch({ ...step.repeat, rows, number, from, to: from + 1_000_000_000 }));
      await sleep(step.every);
    }
  }
  await ended;
  if (isDeaf) setInterval(() => {}, 1000);
}

function write(bytes) {
  process.stdout.write(bytes);
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
