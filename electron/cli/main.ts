/** `sonde`, as it is bundled and run. */
import { BUG } from './exit-codes.ts';
import { realWorld } from './real-world.ts';
import { run } from './run.ts';

const LINGER_MS = 1000;

// `sonde export … | head`: whoever read us has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// The terminal is gone (SIGHUP): nobody is left to be told, and the recording must still be finished.
process.stderr.on('error', () => undefined);

try {
  process.exitCode = await run(process.argv.slice(2), realWorld());
} catch (bug) {
  process.stderr.write(
    `sonde: this is an error in Sonde itself; please report it\n${bug instanceof Error ? bug.stack : String(bug)}\n`,
  );
  process.exitCode = BUG;
}

// Whatever a library still holds open must not keep a finished command from ending; stdout drains meanwhile.
setTimeout(() => process.exit(), LINGER_MS).unref();
