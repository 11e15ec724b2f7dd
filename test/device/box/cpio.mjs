// A "newc" cpio archive, the format the kernel unpacks as its initial file system.
//
//   header (110 bytes: magic, then 13 numbers of 8 hex digits) · name NUL · pad to 4 · data · pad to 4
//   … the last entry is called TRAILER!!!

const MAGIC = '070701';
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;

/** @typedef {{ name: string, mode: number, data?: Buffer }} Entry a directory has no data */

/**
 * @param {Entry[]} entries parents before children
 * @returns {Buffer}
 */
export function cpioArchive(entries) {
  const parts = entries.map((entry, index) => member(entry, index + 1));
  return Buffer.concat([...parts, member({ name: 'TRAILER!!!', mode: 0 }, 0)]);
}

/**
 * @param {Entry} entry
 * @param {number} inode
 */
function member({ name, mode, data }, inode) {
  const type = inode === 0 ? 0 : data ? S_IFREG : S_IFDIR;
  const body = data ?? Buffer.alloc(0);
  //               inode  mode         uid gid nlink mtime size        dev(2) rdev(2)  name size       check
  const numbers = [inode, type | mode, 0, 0, 1, 0, body.length, 0, 0, 0, 0, name.length + 1, 0];
  const header = MAGIC + numbers.map((number) => number.toString(16).padStart(8, '0')).join('');
  return Buffer.concat([padded(Buffer.from(`${header}${name}\0`)), padded(body)]);
}

/** @param {Buffer} bytes */
function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
