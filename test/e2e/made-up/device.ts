/** Puts the made-up host in the place of the real one, until it is taken out again. */
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { copyFileSync } from 'node:fs';
import type { ElectronApplication } from 'playwright-core';
import { PARTS } from '../../../build/bundle/parts.mjs';

/** What the made-up host says was typed, and is to be kept. */
export const SECRET_OF_MADE_UP = 'p4sswordofnobody-93ae';

const SCRIPT = path.resolve('out/e2e/made-up/host.js');

export async function bundleMadeUpHost(): Promise<void> {
  const part = PARTS.find(({ name }) => name === 'host');
  if (!part) throw new Error('no part is the host');
  await build({
    ...(part.options as BuildOptions),
    entryPoints: ['test/e2e/made-up/host.ts'],
    outfile: SCRIPT,
    bundle: true,
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"', SECRET_OF_MADE_UP: JSON.stringify(SECRET_OF_MADE_UP) },
  });
  for (const file of part.copies ?? []) copyFileSync(file, path.join(path.dirname(SCRIPT), path.basename(file)));
}

/** Every session that begins from now on, until `stop`. */
export async function makeUpDevices({
  app,
}: {
  readonly app: ElectronApplication;
}): Promise<{ stop(): Promise<void> }> {
  await app.evaluate(({ utilityProcess }, script) => {
    const state = globalThis as unknown as { realFork: typeof utilityProcess.fork };
    state.realFork = utilityProcess.fork.bind(utilityProcess);
    utilityProcess.fork = (_script, args, options) => state.realFork(script, args, options);
  }, SCRIPT);
  return {
    stop: () =>
      app.evaluate(({ utilityProcess }) => {
        utilityProcess.fork = (globalThis as unknown as { realFork: typeof utilityProcess.fork }).realFork;
      }),
  };
}
