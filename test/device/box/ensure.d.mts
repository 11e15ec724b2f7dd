import type { Emulator } from './emulator.mjs';
import type { Kernel } from './kernel.mjs';
import type { RootImage } from './root.mjs';

/** plain: no Node · node: Debian's Node 18 · peers: other tracing tools, for benchmarks. */
export type Variant = 'plain' | 'node' | 'peers';
export type KernelLine = '5.10' | '6.1' | '6.12';
export type Arch = 'x86_64' | 'arm64';

export interface BoxChoice {
  variant?: Variant;
  kernel?: KernelLine;
  arch?: Arch;
  /** Told what is being built; silent by default. */
  log?: (line: string) => void;
}

export interface BoxImage {
  variant: Variant;
  arch: Arch;
  emulator: Emulator;
  kernel: Kernel;
  root: RootImage;
}

/** Builds what the cache lacks. Safe to call from several processes at once: one builds, the others wait. */
export function ensureBox(choice?: BoxChoice): Promise<BoxImage>;

/** The Debian packages that must be installed on this computer to build a box. */
export const BOX_APT_PACKAGES: string[];

/** Kernel line → the Debian suite it comes from. */
export const KERNELS: Record<KernelLine, string>;

/** Variant → its packages besides the common ones. */
export const VARIANTS: Record<Variant, string[]>;
