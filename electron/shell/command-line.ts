/**
 * The command line of an installed Sonde, which brings no Node of its own: `sonde doctor gateway-7` runs in main's place,
 * before Electron asks for a display.
 */
import { fileURLToPath } from 'node:url';
import { app } from 'electron';

/** Ends the process. `script`: the bundled command line, which runs as it is loaded. */
export async function runCommandLine(words: readonly string[], script: URL): Promise<void> {
  process.argv = [process.execPath, fileURLToPath(script), ...words]; // as Node has them
  await import(script.href);
  await new Promise((resolve) => process.stdout.write('', resolve));
  app.exit(Number(process.exitCode ?? 0));
}
