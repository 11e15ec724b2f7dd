// Takes: which box is wanted. Gives: everything needed to boot it, from the cache or built from Debian packages.
// Never: boots it, or installs anything on this computer but the tools named in BOX_APT_PACKAGES.

import { ensureEmulator } from './emulator.mjs';
import { ensureHostTools } from './host-tools.mjs';
import { ensureKernel } from './kernel.mjs';
import { ensureRoot } from './root.mjs';

export { BOX_APT_PACKAGES } from './host-tools.mjs';
export { KERNELS } from './kernel.mjs';
export { VARIANTS } from './system.mjs';

/**
 * @param {import('./ensure.d.mts').BoxChoice} [choice]
 * @returns {Promise<import('./ensure.d.mts').BoxImage>}
 */
export async function ensureBox({ variant = 'plain', kernel = '6.1', arch = 'x86_64', log = () => {} } = {}) {
  await ensureHostTools({ arch, log });
  // One after the other: each saturates the network or a CPU by itself.
  const emulator = await ensureEmulator({ arch, log });
  const built = await ensureKernel({ kernel, arch, log });
  const root = await ensureRoot({ variant, arch, kernelVersion: built.version, log });
  return { variant, arch, emulator, kernel: built, root };
}
