// The plain ELF kernel inside a compressed one. QEMU starts it directly (PVH), which saves the guest
// from unpacking it under emulation at every boot.

import { spawnSync } from 'node:child_process';

/** How a compressed payload begins, and who unpacks it. What follows the payload is not its part: tools may grumble. */
const FORMATS = [
  { magic: Buffer.from([0x02, 0x21, 0x4c, 0x18]), tool: 'lz4', args: ['-dc'] },
  { magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), tool: 'xz', args: ['-dc', '--single-stream'] },
  { magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), tool: 'zstd', args: ['-dc'] },
  { magic: Buffer.from([0x1f, 0x8b, 0x08]), tool: 'gzip', args: ['-dc'] },
];

/** The boot sector; a magic number in it is a coincidence. */
const PAYLOAD_FROM = 0x200;

/** An unpacked kernel is 40–70 MB. */
const MAX_BYTES = 512 * 1024 * 1024;

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/**
 * @param {Buffer} bzImage
 * @returns {Buffer | undefined} undefined when there is no payload that we can unpack
 */
export function extractVmlinux(bzImage) {
  for (const { magic, tool, args } of FORMATS) {
    for (let at = bzImage.indexOf(magic, PAYLOAD_FROM); at >= 0; at = bzImage.indexOf(magic, at + 1)) {
      const { stdout } = spawnSync(tool, args, { input: bzImage.subarray(at), maxBuffer: MAX_BYTES });
      if (stdout?.subarray(0, ELF.length).equals(ELF)) return stdout;
    }
  }
  return undefined;
}
