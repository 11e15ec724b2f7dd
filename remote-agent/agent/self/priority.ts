/**
 * A little before others where CPUs are short: three times the weight of a normal process. The agent and its loader take
 * one or two percent, and the governor sees to it; but where all CPUs are taken, a normal process that sleeps most of the
 * time still waits its turn for each of the few milliseconds it needs, and would tell the person at the other end what
 * was half a minute ago.
 */
import { setPriority } from 'node:os';

const NICE = -5;

export function raisePriority(): void {
  try {
    setPriority(NICE);
  } catch {
    // Not root, or a container without the right: it then waits like everybody else.
  }
}
