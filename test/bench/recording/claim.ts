import type { Claim } from '../harness/bench.ts';

export function claim(what: string, target: string, measured: string, met: boolean): Claim {
  return { what, target, measured, met };
}
