/** Repeatable randomness: a failing test prints its seed; SEED=n in the environment runs it again. */
export function seeded(): { seed: number; random: () => number; bytes: (length: number) => Uint8Array } {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  let state = seed >>> 0;
  // mulberry32
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, random, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)) };
}
