// Debian packages for the box: build/private-apt.mjs, by the names that the box has for architectures.

import { openPrivateApt as openAptRoot } from '../../../build/private-apt.mjs';

export { BASE_SUITE, sourceLines } from '../../../build/private-apt.mjs';

/** Debian's name for each architecture, keyed by the kernel's. */
export const DEBIAN_ARCH = { x86_64: 'amd64', arm64: 'arm64' };

/** @param {{ suites: string[], arch: 'x86_64' | 'arm64', ignoreInstalled?: RegExp }} options */
export function openPrivateApt({ suites, arch, ignoreInstalled }) {
  return openAptRoot({ suites, debianArch: DEBIAN_ARCH[arch], ignoreInstalled });
}
