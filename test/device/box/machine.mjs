// What machine the box is, as QEMU's command line. Pure: paths and numbers in, arguments out.

/**
 * @typedef {object} MachineOptions
 * @property {'x86_64' | 'arm64'} arch
 * @property {number} cpus
 * @property {number} memoryMb
 * @property {boolean} icount count instructions: guest time is then exact and repeatable, on one CPU
 * @property {'multi' | 'single'} threads
 * @property {string} kernel
 * @property {string} initrd
 * @property {string} rootImage
 * @property {string} modulesImage
 * @property {string[]} kernelArgs
 * @property {string} consoleFile
 * @property {string} qmpSocket
 */

const MACHINE = {
  // hpet=off: reading an emulated HPET is slow, and the guest would use it as its clock until it trusts the TSC.
  // no_timer_check: on a starved host the timer's interrupts come too late for the test at boot, which then panics.
  x86_64: {
    args: ['-M', 'q35,hpet=off', '-cpu', 'max'],
    console: 'ttyS0',
    kernelArgs: ['tsc=reliable', 'no_timer_check'],
  },
  arm64: { args: ['-M', 'virt,gic-version=3', '-cpu', 'cortex-a72'], console: 'ttyAMA0', kernelArgs: [] },
};

/** Speed under emulation, and entropy from the first moment so that sshd need not wait for it. */
const QUICK_BOOT = ['quiet', 'loglevel=4', 'panic=-1', 'mitigations=off', 'random.trust_cpu=on'];

/** Room for translated code: enough for a kernel and some interpreters. By default each box could take 1 GB of the host. */
const TRANSLATION_CACHE_MB = 256;

export const NIC_ID = 'nic0';

/**
 * @param {MachineOptions} o
 * @returns {string[]}
 */
export function machineArgs(o) {
  const machine = MACHINE[o.arch];
  const append = [`console=${machine.console}`, ...QUICK_BOOT, ...machine.kernelArgs, ...o.kernelArgs];
  return [
    ['-accel', `tcg,thread=${o.icount ? 'single' : o.threads},tb-size=${TRANSLATION_CACHE_MB}`],
    machine.args,
    ['-smp', String(o.cpus), '-m', String(o.memoryMb)],
    o.icount ? ['-icount', 'shift=0'] : [],
    ['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-monitor', 'none'],
    ['-kernel', o.kernel, '-initrd', o.initrd, '-append', append.join(' ')],
    // snapshot=on: writes go to a throw-away overlay, so any number of boxes share one image.
    ['-drive', `file=${comma(o.rootImage)},format=raw,if=none,id=root,snapshot=on,cache=unsafe`],
    ['-device', 'virtio-blk-pci,drive=root'],
    ['-drive', `file=${comma(o.modulesImage)},format=raw,if=none,id=modules,readonly=on,file.locking=off`],
    ['-device', 'virtio-blk-pci,drive=modules'],
    // Port 0: the system picks a free one. Asking QEMU for it afterwards leaves no gap for another program to take it.
    // romfile= : no network boot, no firmware for it.
    ['-netdev', 'user,id=net0,hostfwd=tcp:127.0.0.1:0-:22'],
    ['-device', `virtio-net-pci,netdev=net0,id=${NIC_ID},romfile=`],
    ['-device', 'virtio-rng-pci'],
    ['-serial', `file:${comma(o.consoleFile)}`],
    ['-qmp', `unix:${comma(o.qmpSocket)},server=on,wait=off`],
  ].flat();
}

/**
 * The forwarded port, from QEMU's `info usernet` table:
 *
 *   Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
 *   TCP[HOST_FORWARD]  15       127.0.0.1 40213       10.0.2.15    22     0     0
 *
 * @param {string} table
 */
export function forwardedPort(table) {
  return Number(/TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/.exec(table)?.[1] ?? 0);
}

/**
 * QEMU's options separate by commas; a comma in a value is written twice.
 * @param {string} path
 */
function comma(path) {
  return path.replaceAll(',', ',,');
}
