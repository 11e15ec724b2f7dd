/** What a device may make a reader hold. A stream that goes beyond is out of sync or hostile; both end the same way. */

/**
 * Table entries per agent run. A quiet box makes 5,000 stack nodes an hour; a build machine, where every process is a
 * new one, 20,000 a minute. Views index tables by u32 and need 8 bytes per stack node.
 */
export const MAX_STACK_NODES = 1 << 22;
export const MAX_FRAMES = 1 << 20;
export const MAX_MODULES = 1 << 16;
export const MAX_PROCESSES = 1 << 20;
export const MAX_THREADS = 1 << 20;
/** Flow ids are u32, and nothing here is held per flow: at 1,000 new ones a second they last for 49 days. */
export const MAX_FLOWS = 0xffff_ffff;
/** Of all names of one run, as text: those of a million processes. Whoever shows them holds them. */
export const MAX_RUN_TEXT = 256 << 20;
/** Of one definitions record: as many as two of the largest kernel tables hold. */
export const MAX_FLOWS_AT_ONCE = 1 << 17;
/** Names that addresses have at one time. */
export const MAX_ADDRESS_NAMES = 10_000;
/** 127 user and 127 kernel frames, doubled: deeper trees would endanger whoever walks them by recursion. */
export const MAX_STACK_DEPTH = 512;
export const MAX_WINDOW_ROWS = 1 << 20;
export const MAX_BLOB_LENGTH = 4096;
export const MAX_OPTIONS = 64;
export const MAX_LOSS_CAUSES = 32;
/** The kernel returns errors as -4095 … -1. */
export const MAX_ERRNO = 4095;

/** Text lengths in UTF-16 units; longer text is cut with an ellipsis, never refused. */
export const TEXT = {
  /** The kernel's comm has 15 bytes; escapes quadruple them. */
  comm: 64,
  /** Host names, versions, option values. */
  short: 256,
  path: 4096,
  commandLine: 4096,
  /** Mangled C++ and Rust names run to a few thousand characters. */
  symbol: 4096,
  fault: 4096,
  /** A domain name has 255 bytes. */
  hostName: 256,
} as const;

/** 2^62 ns = 146 years: no uptime and no wall clock of this century is beyond it. */
export const MAX_TIME_NS = 2n ** 62n;
