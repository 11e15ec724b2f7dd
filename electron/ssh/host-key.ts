/** A device's public host key: the bytes it showed in the key exchange. */
import { createHash } from 'node:crypto';

export interface HostKey {
  /** "ssh-ed25519" */
  readonly algorithm: string;
  readonly blob: Buffer;
  /** "SHA256:…" as ssh-keygen -l prints it. */
  readonly fingerprint: string;
}

const MAX_ALGORITHM_LENGTH = 64;

/** null = not the bytes of a public key. */
export function readHostKey(blob: Buffer): HostKey | null {
  if (blob.length < 4) return null;
  const length = blob.readUInt32BE(0);
  if (length === 0 || length > MAX_ALGORITHM_LENGTH || blob.length < 4 + length) return null;
  return { algorithm: blob.toString('latin1', 4, 4 + length), blob, fingerprint: fingerprintOf(blob) };
}

export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
