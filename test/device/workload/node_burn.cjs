// Compiled JavaScript at work: burns a little CPU in burnNode, then sleeps.
// Run with --perf-basic-prof-only-functions, so that its functions have names outside the process.

const BURN_MS = 20;
const EVERY_MS = 500;

function burnNode(ms) {
  const end = process.hrtime.bigint() + BigInt(ms) * 1_000_000n;
  let value = 1;
  while (process.hrtime.bigint() < end) for (let i = 0; i < 1000; i++) value = (value * 31 + i) % 1_000_003;
  return value;
}

setInterval(() => burnNode(BURN_MS), EVERY_MS);
