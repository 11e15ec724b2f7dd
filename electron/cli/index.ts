// Takes: words of a command line and a World (streams, signals, clock, the rooms that reach devices).
// Gives: what the command found, as text or JSON, and an exit code that scripts can rely on.
// Never: opens a window, takes a secret from the command line, prints anything but the result to stdout.
export { EXIT_CODES, exitCodeOf } from './exit-codes.ts';
export { run } from './run.ts';
export type { Rooms } from './rooms.ts';
export type { Terminal, World } from './world.ts';
