/** What is offered to the device in the key exchange. */
import { getCiphers } from 'node:crypto';
import type { Algorithms, KexAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';

/**
 * No group exchange and nothing above group 14: finite-field Diffie-Hellman is computed in one go and blocks the event
 * loop under Electron's BoringSSL (group 14 0.6 s, group 16 4 s, group 18 48 s).
 */
const KEX: readonly KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group14-sha256',
];

/** ssh-rsa (SHA-1 signature) last: boxes with dropbear before 2020 have nothing else. */
const HOST_KEYS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

const CIPHERS = [
  { name: 'aes128-gcm@openssh.com', crypto: 'aes-128-gcm' },
  { name: 'aes256-gcm@openssh.com', crypto: 'aes-256-gcm' },
  { name: 'aes128-ctr', crypto: 'aes-128-ctr' },
  { name: 'aes192-ctr', crypto: 'aes-192-ctr' },
  { name: 'aes256-ctr', crypto: 'aes-256-ctr' },
  { name: 'chacha20-poly1305@openssh.com', crypto: 'chacha20' },
] as const;

/** Key types of known-hosts entries: their algorithms come first, so that the device shows the key we can compare. */
export function chooseAlgorithms(knownKeyTypes: readonly string[]): Algorithms {
  const known = HOST_KEYS.filter((algorithm) => knownKeyTypes.includes(keyTypeOf(algorithm)));
  const others = HOST_KEYS.filter((algorithm) => !known.includes(algorithm));
  // Electron's BoringSSL has no chacha20: asking the crypto library is true in every runtime.
  const available = getCiphers();
  return {
    kex: [...KEX],
    serverHostKey: [...known, ...others],
    cipher: CIPHERS.filter(({ crypto }) => available.includes(crypto)).map(({ name }) => name),
    hmac: [
      'hmac-sha2-256-etm@openssh.com',
      'hmac-sha2-512-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
      'hmac-sha1',
    ],
    compress: ['none'], // frames of the agent are dense already; and it keeps the CPU of small boxes free
  };
}

/** Signature algorithm → type of the key it signs with. */
function keyTypeOf(algorithm: string): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm;
}
