/** The processor architectures a device may have, by the name `uname -m` gives. One line each. */
const ARCHES = [
  {
    machine: 'aarch64',
    debian: 'arm64',
    triplet: 'aarch64-linux-gnu',
    gccPackage: 'gcc-aarch64-linux-gnu',
    gccFlags: [],
  },
  {
    machine: 'armv7l',
    debian: 'armhf',
    triplet: 'arm-linux-gnueabihf',
    gccPackage: 'gcc-arm-linux-gnueabihf',
    gccFlags: ['-march=armv7-a', '-mfpu=vfpv3-d16'],
  },
  { machine: 'x86_64', debian: 'amd64', triplet: 'x86_64-linux-gnu', gccPackage: 'gcc-x86-64-linux-gnu', gccFlags: [] },
];

/** Built unless others are asked for. */
export const DEFAULT_MACHINES = ['x86_64', 'aarch64'];

export function archOf(machine) {
  const arch = ARCHES.find((each) => each.machine === machine);
  if (!arch) throw new Error(`cannot build for ${machine}: known are ${ARCHES.map((each) => each.machine).join(', ')}`);
  // The host's own compiler is simply called gcc's package, without a triplet.
  const own = { arm64: 'aarch64', arm: 'armv7l', x64: 'x86_64' }[process.arch] === machine;
  return own ? { ...arch, gccPackage: 'gcc' } : arch;
}
