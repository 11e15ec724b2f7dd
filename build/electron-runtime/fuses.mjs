// Electron's fuses: a marker in the executable, then version, count, and one character per fuse ('0' off, '1' on, 'r' removed).

const MARKER = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const REMOVED = 'r'.charCodeAt(0);

/** In wire order. The snapshot fuse must be off: that snapshot belongs to the application the runtime came with. */
const FUSES = [
  ['runAsNode', true],
  ['cookieEncryption', false],
  ['nodeOptions', true],
  ['nodeCliInspect', true],
  ['embeddedAsarIntegrity', false],
  ['onlyLoadAppFromAsar', false],
  ['browserProcessSpecificV8Snapshot', false],
  ['grantFileProtocolExtraPrivileges', true],
];

export function setFuses(executable) {
  const bytes = Buffer.from(executable);
  const marker = bytes.indexOf(MARKER);
  if (marker < 0) throw new Error('no fuses in the executable');
  const first = marker + MARKER.length + 2;
  for (const [index, [, on]] of FUSES.entries()) {
    if (bytes[first + index] !== REMOVED) bytes[first + index] = (on ? '1' : '0').charCodeAt(0);
  }
  return bytes;
}
