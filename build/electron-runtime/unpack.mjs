// Just enough of tar and zip to take known members out of one pinned file.
import zlib from 'node:zlib';

const TAR_BLOCK = 512;
const ZIP_END_OF_DIRECTORY = 0x06054b50;
const ZIP_DEFLATED = 8;

/** Bytes of one member of a gzipped tar. */
export function tarMember(tgz, wanted) {
  const tar = zlib.gunzipSync(tgz, { maxOutputLength: 2 ** 32 });
  for (let at = 0; at + TAR_BLOCK <= tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') break;
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 136), 8);
    if (name === wanted) return tar.subarray(at + TAR_BLOCK, at + TAR_BLOCK + size);
    at += TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  }
  throw new Error(`no ${wanted} in the package`);
}

/** Entries of a zip in directory order: { name, mode, read() }. */
export function* zipEntries(zip) {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== ZIP_END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('not a zip file');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    yield entryAt(zip, at, zip.toString('utf8', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}

function entryAt(zip, at, name) {
  const compressedBytes = zip.readUInt32LE(at + 20);
  const header = zip.readUInt32LE(at + 42);
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const read = () => {
    const body = zip.subarray(start, start + compressedBytes);
    return zip.readUInt16LE(at + 10) === ZIP_DEFLATED ? zlib.inflateRawSync(body) : body;
  };
  return { name, mode: zip.readUInt32LE(at + 38) >>> 16, read };
}
