// Small programs in the box that use sockets. Python, because there are no words between it and the kernel.

import type { Box } from './box/boot.mjs';

/** A TCP socket `s`; the clock is CLOCK_MONOTONIC, as that of the rows. */
export const PRELUDE = `
import os, socket, struct, sys, time
now = time.monotonic_ns
s = socket.socket()
`;

/** What it prints is a number, or a list of numbers. */
export async function python<T>(box: Box, lines: string): Promise<T> {
  const { code, stdout, stderr } = await box.ssh(`python3 -c '${PRELUDE}${lines}'`, { timeoutMs: 120_000 });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}
