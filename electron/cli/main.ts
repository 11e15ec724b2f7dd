/** `sonde`, as it is bundled and run. */
import { BUG } from './exit-codes.ts';
import { realWorld } from './real-world.ts';
import { run } from './run.ts';

// `sonde export … | head`: whoever read us has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  process.exitCode = await run(process.argv.slice(2), realWorld());
} catch (bug) {
  process.stderr.write(
    `sonde: this is an error in Sonde itself; please report it\n${bug instanceof Error ? bug.stack : String(bug)}\n`,
  );
  process.exitCode = BUG;
}
